import type { Deployment, Node, Pod } from '../../hooks/core/objects.ts';
import type { HookFiles } from '../../hooks/io/settings.ts';
import { Random } from './random.ts';
import { labelsOf, type Making, type Namespaces, type Scenario } from './scenario.ts';
import { allocate, ask, nodeWrinkles } from './wrinkles-node.ts';
import { podWrinkles, rareWrinkles } from './wrinkles-pods.ts';
import { runtimeClass } from './wrinkles-runtime.ts';
import { volumeWrinkles } from './wrinkles-volume.ts';

/** Label that keeps the scenarios' nodes and pods apart. */
export const scenarioLabel = 'placement-scenario';

/** The claim that the chart's own pod mounts; each of the release's namespaces has one that is bound. */
export const sharedClaim = 'placement-claim';

/** The scenario of a seed: the chart's own upgrade, with wrinkles. The same seed makes the same one. */
export function generate(seed: number, files: HookFiles, namespaces: Namespaces): Scenario {
  const random = new Random(seed);
  const id = `s${seed}`;
  const limited = random.chance(0.1);
  const namespace = limited ? namespaces.limited : namespaces.plain;
  const own = inNamespace(files, namespace);
  const making = begin(random, id, seed, { files: own, namespace, other: namespaces.other });
  const { scenario } = making;
  if (limited) scenario.wrinkles.push(limits(making));
  scenario.wrinkles.push(stickiness(making), group(making));
  const count = random.pick([0, 1, 1, 1, 1, 2, 2, 3]);
  for (const wrinkle of random.some(commonWrinkles, count)) {
    scenario.wrinkles.push(wrinkle(making));
  }
  if (random.chance(0.015)) scenario.wrinkles.push(random.pick(rareWrinkles)(making));
  // Last, so that seeds kept from before it was here still make what they made, but for this.
  if (random.chance(0.12)) scenario.wrinkles.push(runtimeClass(making));
  return scenario;
}

const commonWrinkles = [...nodeWrinkles, ...volumeWrinkles, ...podWrinkles, ...podWrinkles];

/** The chart renders its files for one namespace; its name stands nowhere else in them. */
function inNamespace(files: HookFiles, namespace: string): HookFiles {
  const text = JSON.stringify(files).replaceAll('"marblerun"', JSON.stringify(namespace));
  return JSON.parse(text) as HookFiles;
}

function begin(
  random: Random,
  id: string,
  seed: number,
  { files, namespace, other }: Pick<Scenario, 'files' | 'namespace' | 'other'>,
): Making {
  const { deployment } = files;
  const claim = sharedClaim;
  files.settings.coordinator.persistentVolumeClaim = claim;
  const template = deployment.spec.template;
  for (const volume of template.spec.volumes ?? []) {
    if (volume.persistentVolumeClaim !== undefined) volume.persistentVolumeClaim.claimName = claim;
  }
  for (const { spec } of [template, files.pin]) {
    spec.nodeSelector = { ...spec.nodeSelector, [scenarioLabel]: id };
  }
  const nodes = Array.from({ length: random.between(1, 4) }, (_, index) => node(random, id, index));
  const [here, ...others] = nodes as [Node, ...Node[]];
  const live = structuredClone(deployment);
  live.spec.paused = true;
  const scenario: Scenario = {
    seed,
    wrinkles: [],
    namespace,
    other,
    files,
    live,
    old: oldPod(id, namespace, live, here),
    nodes,
    storage: [],
    pods: [],
    leaving: [],
  };
  return { random, scenario, id, target: template, here, others };
}

function node(random: Random, id: string, index: number): Node {
  const name = `${id}-n${index}`;
  return {
    metadata: {
      name,
      labels: {
        [scenarioLabel]: id,
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...(random.chance(0.9) ? { 'topology.kubernetes.io/zone': `${id}-${random.pick(['a', 'b'])}` } : {}),
      },
    },
    spec: { taints: random.chance(0.3) ? [{ key: 'sgx.intel.com/epc', effect: 'NoSchedule' }] : [] },
    status: {
      allocatable: {
        cpu: '4',
        memory: '8Gi',
        'ephemeral-storage': '8Gi',
        pods: '20',
        'sgx.intel.com/epc': '64Mi',
        'sgx.intel.com/enclave': '10',
        'sgx.intel.com/provision': '10',
      },
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
    },
  };
}

function oldPod(id: string, namespace: string, { spec }: Deployment, here: Node): Pod {
  return {
    metadata: {
      name: `${id}-old`,
      namespace,
      labels: { ...spec.template.metadata?.labels, 'pod-template-hash': 'old' },
    },
    spec: { ...structuredClone(spec.template.spec), nodeName: here.metadata.name },
  };
}

/** A namespace whose LimitRange gives each container a CPU of its own. */
function limits(making: Making): string {
  const { random, here } = making;
  const cpu = random.pick(['500m', '900m', '2']);
  allocate(here, { cpu });
  if (random.chance(0.3)) ask(making.target, { cpu: '100m' });
  return `a LimitRange gives each container 500m CPU, and the node has ${cpu}`;
}

function stickiness({ random, scenario, target, here, others }: Making): string {
  const { placement } = scenario.files.settings;
  const kind = random.pick([
    'required',
    'required',
    'required',
    'required',
    'required',
    'required',
    'preferred',
    'none',
  ] as const);
  placement.stickiness = kind;
  if (kind !== 'required') delete target.spec.affinity;
  if (!random.chance(0.06)) return `stickiness ${kind}`;
  const name = random.pick([here, here, ...others]).metadata.name;
  placement.avoidNodes = [name];
  const values = [name];
  const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'NotIn', values }] }];
  target.spec.affinity = {
    ...target.spec.affinity,
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } },
  };
  return `stickiness ${kind}, leaving ${name}`;
}

/** What of the placement group there is besides the Coordinator. */
function group({ random, scenario, here, others, id }: Making): string {
  if (random.chance(0.25)) {
    // A release of another chart has neither anchor nor label.
    const { key } = scenario.files.settings.placement.groupLabel;
    for (const labels of [labelsOf(scenario.live.spec.template), scenario.old.metadata.labels]) {
      Reflect.deleteProperty(labels ?? {}, key);
    }
    delete scenario.live.spec.template.spec.affinity;
    delete scenario.old.spec.affinity;
    return 'no group yet';
  }
  const elsewhere = random.chance(0.12) ? random.pick([here, ...others]) : undefined;
  const kind =
    elsewhere === undefined ? random.pick(['here', 'here', 'here', 'here', 'gone', 'leaving']) : 'elsewhere';
  if (kind === 'gone') return 'the anchor is gone';
  const anchor: Pod = {
    metadata: {
      name: `${id}-anchor`,
      namespace: scenario.namespace,
      labels: { ...scenario.files.pin.metadata.labels, 'edgeless.systems/control-plane-component': 'anchor' },
    },
    spec: {
      ...structuredClone(scenario.files.pin.spec),
      tolerations: [{ operator: 'Exists' }],
      nodeName: (elsewhere ?? here).metadata.name,
    },
  };
  scenario.pods.push(anchor);
  if (kind === 'leaving') scenario.leaving.push(anchor.metadata.name);
  return `the anchor is on ${anchor.spec.nodeName ?? ''}${kind === 'leaving' ? ', on its way out' : ''}`;
}
