import type { PersistentVolume } from '../../hooks/core/objects.ts';
import { addPod, type Making, type Storage, type Wrinkle } from './scenario.ts';
import { surge } from './wrinkles-node.ts';

/** StorageClasses that the scenarios share. */
export const storageClasses = [
  { name: 'placement-immediate', volumeBindingMode: 'Immediate', provisioner: 'placement.example/immediate' },
  {
    name: 'placement-waiting',
    volumeBindingMode: 'WaitForFirstConsumer',
    provisioner: 'placement.example/waiting',
    allowedTopologies: [{ matchLabelExpressions: [{ key: 'room', values: ['east', 'west'] }] }],
  },
  {
    name: 'placement-static',
    volumeBindingMode: 'WaitForFirstConsumer',
    provisioner: 'kubernetes.io/no-provisioner',
  },
].map(({ name, ...rest }) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  ...rest,
}));

const zone = 'topology.kubernetes.io/zone';

const localVolume: Wrinkle = (making) => {
  const { random, here, others } = making;
  const host = random.pick([here, here, ...others]).metadata.name;
  const storage = mountMore(making);
  const values = [host];
  const terms = [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values }] }];
  if (storage.volume !== undefined)
    storage.volume.spec.nodeAffinity = { required: { nodeSelectorTerms: terms } };
  return `a volume is local to ${host}`;
};

const zonalVolume: Wrinkle = (making) => {
  const { random, id } = making;
  const storage = mountMore(making);
  const zones = random.pick([`${id}-a`, `${id}-b`, `${id}-a__${id}-b`]);
  const key = random.pick([zone, 'failure-domain.beta.kubernetes.io/zone']);
  if (storage.volume !== undefined) storage.volume.metadata.labels = { [key]: zones };
  return `a volume is in ${zones} (${key})`;
};

const lostClaim: Wrinkle = (making) => {
  const { scenario } = making;
  const name = `${making.id}-gone`;
  mount(making, name);
  (scenario.files.settings.values.coordinator as Record<string, unknown>).pvcName = name;
  return 'a claim does not exist';
};

const deletedClaim: Wrinkle = (making) => {
  mountMore(making).deleted = true;
  return 'a claim is being deleted';
};

const unboundClaim: Wrinkle = (making) => {
  const { claim } = unbound(mountMore(making));
  claim.spec.storageClassName = 'placement-immediate';
  return 'a claim is not bound although it does not wait for the pod';
};

const promisedClaim: Wrinkle = (making) => {
  const { random, here, others } = making;
  const { claim } = unbound(mountMore(making));
  const node = random.pick([here, ...others]);
  if (random.chance(0.2)) (here.metadata.labels ??= {}).room = 'east';
  claim.spec.storageClassName = random.pick(['placement-waiting', 'placement-static']);
  claim.metadata.annotations = { 'volume.kubernetes.io/selected-node': node.metadata.name };
  return `a claim of class ${claim.spec.storageClassName} is promised to ${node.metadata.name}`;
};

const exclusiveClaim: Wrinkle = (making) => {
  const { random, here, others } = making;
  const storage = mountMore(making, 'ReadWriteOncePod');
  if (random.chance(0.3)) surge(making);
  const user = random.pick([undefined, 'old', 'other']);
  if (user === 'old') mountBy(making.scenario.old.spec, storage.claim.metadata.name);
  if (user === 'other') {
    addPod(making, random.pick([here, ...others]), ({ spec }) => {
      mountBy(spec, storage.claim.metadata.name);
    });
  }
  return `a claim is for one pod only, used by ${user ?? 'nobody'}`;
};

/** Wrinkles of the claims that the pod mounts. What seldom refuses is there more than once. */
export const volumeWrinkles: readonly Wrinkle[] = [
  localVolume,
  zonalVolume,
  zonalVolume,
  zonalVolume,
  lostClaim,
  deletedClaim,
  unboundClaim,
  promisedClaim,
  exclusiveClaim,
];

function mountBy(spec: Making['target']['spec'], claimName: string): void {
  const name = `v-${spec.volumes?.length ?? 0}`;
  spec.volumes = [...(spec.volumes ?? []), { name, persistentVolumeClaim: { claimName } }];
}

function mount({ target }: Making, claimName: string): void {
  mountBy(target.spec, claimName);
}

/** Lets the pod mount one more claim, which is bound to a volume for any node. */
function mountMore(making: Making, mode = 'ReadWriteOnce'): Storage {
  const { scenario, id } = making;
  const storage = bound(scenario.namespace, `${id}-c${scenario.storage.length}`, mode);
  scenario.storage.push(storage);
  mount(making, storage.claim.metadata.name);
  return storage;
}

function unbound(storage: Storage): Storage {
  delete storage.volume;
  return storage;
}

/** A claim and the volume that it is bound to. */
export function bound(namespace: string, name: string, mode = 'ReadWriteOnce'): Storage {
  const claim = {
    metadata: { name, namespace },
    spec: {
      accessModes: [mode],
      resources: { requests: { storage: '10Mi' } },
      storageClassName: '',
    },
  };
  const volume = {
    metadata: { name },
    spec: {
      capacity: { storage: '10Mi' },
      accessModes: [mode],
      csi: { driver: 'placement.example', volumeHandle: name },
    },
  };
  return { claim: claim, volume: volume as PersistentVolume };
}
