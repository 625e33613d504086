import type { Pod, Toleration } from '../../hooks/core/objects.ts';
import { addPod, labelsOf, type Making, type Wrinkle } from './scenario.ts';

const gib = (amount: number): string => `${amount}Gi`;

const cordon: Wrinkle = ({ random, here, target }) => {
  here.spec.unschedulable = true;
  if (!random.chance(0.3)) return 'the node is cordoned';
  tolerate(target, { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' });
  return 'the node is cordoned, and the pod tolerates it';
};

const taint: Wrinkle = ({ random, here, target, scenario }) => {
  const effect = random.pick(['NoSchedule', 'NoExecute', 'PreferNoSchedule']);
  const key = random.pick(['dedicated', 'sgx.intel.com/epc', 'example.com/maintenance']);
  const value = random.pick([undefined, 'enclaves', 'true']);
  const others = (here.spec.taints ?? []).filter((taint) => taint.key !== key);
  here.spec.taints = [...others, { key, effect, ...(value === undefined ? {} : { value }) }];
  // The old pod has to outlive a NoExecute taint.
  scenario.old.spec.tolerations = [{ operator: 'Exists' }];
  scenario.live.spec.template.spec.tolerations = [{ operator: 'Exists' }];
  const toleration = random.pick<Toleration | undefined>([
    undefined,
    { key, operator: 'Exists' },
    { key, operator: 'Equal', value: 'enclaves', effect },
    { operator: 'Exists', effect: 'NoSchedule' },
    { key, value: 'true', effect: 'NoExecute', tolerationSeconds: 5 },
  ]);
  if (toleration !== undefined && isValid(toleration)) tolerate(target, toleration);
  return `the node has the taint ${key}=${value ?? ''}:${effect}, tolerated: ${JSON.stringify(toleration)}`;
};

const selector: Wrinkle = ({ random, here, target }) => {
  const key = random.pick(['disk', 'rack']);
  if (random.chance(0.6)) (here.metadata.labels ??= {})[key] = random.pick(['a', 'b']);
  const value = random.pick(['a', 'b']);
  target.spec.nodeSelector = { ...target.spec.nodeSelector, [key]: value };
  return `the pod wants nodes with ${key}=${value}`;
};

const nodeAffinity: Wrinkle = ({ random, here, target, others }) => {
  (here.metadata.labels ??= {}).slots = String(random.between(0, 4));
  const name = random.pick([here, ...others]).metadata.name;
  const term = random.pick([
    { matchExpressions: [{ key: 'slots', operator: random.pick(['Gt', 'Lt']), values: ['2'] }] },
    { matchExpressions: [{ key: 'slots', operator: random.pick(['Exists', 'DoesNotExist']) }] },
    { matchExpressions: [{ key: 'slots', operator: random.pick(['In', 'NotIn']), values: ['1', '3'] }] },
    { matchFields: [{ key: 'metadata.name', operator: random.pick(['In', 'NotIn']), values: [name] }] },
  ]);
  const affinity = (target.spec.affinity ??= {});
  const node = (affinity.nodeAffinity ??= {});
  node.requiredDuringSchedulingIgnoredDuringExecution ??= { nodeSelectorTerms: [] };
  const { nodeSelectorTerms: terms } = node.requiredDuringSchedulingIgnoredDuringExecution;
  if (terms[0] === undefined) terms.push(term);
  else Object.assign(terms[0], { matchExpressions: term.matchExpressions ?? [] });
  return `the pod requires nodes by ${JSON.stringify(term)}`;
};

const nodeName: Wrinkle = ({ target, others, random, here, scenario }) => {
  const declared = scenario.files.settings.placement.avoidNodes.length > 0;
  if (declared || random.chance(0.5)) return 'nothing more';
  const node = random.pick([...others, ...others, ...others, ...others, ...others, here]);
  target.spec.nodeName = node.metadata.name;
  return `the pod names the node ${node.metadata.name}`;
};

const ports: Wrinkle = (making) => {
  const { random, here, target } = making;
  const [container] = target.spec.containers;
  if (container === undefined || hasHostPorts(making)) return 'nothing more';
  const port = 4433;
  const onHost = random.chance(0.3);
  const hostIP = random.pick([undefined, '0.0.0.0', '127.0.0.1', '10.0.0.1']);
  const address = hostIP === undefined ? {} : { hostIP };
  if (onHost) {
    target.spec.hostNetwork = true;
    container.ports = [{ containerPort: port }];
  } else container.ports = [{ containerPort: port, hostPort: port, ...address }];
  const theirs = random.pick([undefined, '0.0.0.0', '127.0.0.1', '10.0.0.2']);
  const protocol = random.pick(['TCP', 'TCP', 'UDP']);
  const taken = random.pick([port, port, port + 1]);
  addPod(making, here, ({ spec }) => {
    const asked = {
      containerPort: 80,
      hostPort: taken,
      protocol,
      ...(theirs === undefined ? {} : { hostIP: theirs }),
    };
    const container = { name: 'side', image: 'i', ports: [asked] };
    if (random.chance(0.2)) spec.initContainers = [{ ...container, restartPolicy: 'Always' }];
    else spec.containers = [container];
  });
  return `the pod wants port ${onHost ? 'on the host’s network' : (hostIP ?? 'any')}:${port}, another has ${theirs ?? 'any'}:${taken}/${protocol}`;
};

const oldPort: Wrinkle = (making) => {
  const { random, target, scenario } = making;
  if (hasHostPorts(making)) return 'nothing more';
  const ports = [{ containerPort: 4433, hostPort: 4433 }];
  for (const spec of [target.spec, scenario.live.spec.template.spec, scenario.old.spec]) {
    const [container] = spec.containers;
    if (container !== undefined) container.ports = structuredClone(ports);
  }
  if (random.chance(0.5)) return 'old and new pod have a port of the host';
  surge({ scenario });
  return 'old and new pod have a port of the host, with a surge';
};

const epc: Wrinkle = (making) => {
  const { random, here } = making;
  const total = random.between(10, 40);
  const taken = random.between(0, 30);
  allocate(here, { 'sgx.intel.com/epc': `${total}Mi` });
  if (taken > 0) fill(making, { 'sgx.intel.com/epc': `${Math.min(taken, total)}Mi` });
  const asked = random.between(5, 25);
  ask(making.target, { 'sgx.intel.com/epc': `${asked}Mi` });
  return `EPC: ${asked}Mi asked, ${taken}Mi of ${total}Mi taken by others`;
};

const compute: Wrinkle = (making) => {
  const { random, here } = making;
  const resource = random.pick(['cpu', 'memory', 'ephemeral-storage', 'example.com/gpu']);
  const unit = (amount: number) =>
    resource === 'cpu' ? `${amount * 250}m` : resource === 'example.com/gpu' ? String(amount) : gib(amount);
  if (resource === 'example.com/gpu' && random.chance(0.8)) allocate(here, { [resource]: '8' });
  const taken = random.between(0, 7);
  if (taken > 0) fill(making, { [resource]: unit(taken) });
  const asked = random.between(1, 8);
  allocate(here, resource === 'cpu' ? { cpu: '2' } : resource === 'memory' ? { memory: '8Gi' } : {});
  return `${resource}: ${unit(taken)} taken by others, ${askSomehow(making, resource, unit(asked))}`;
};

const crowd: Wrinkle = (making) => {
  const { random, here } = making;
  const places = random.between(1, 4);
  const crowd = random.between(0, 3);
  allocate(here, { pods: String(places) });
  for (let i = 0; i < crowd; i++) addPod(making, here);
  return `${crowd} other pods on a node with room for ${places}`;
};

const finished: Wrinkle = (making) => {
  const { here, random } = making;
  allocate(here, { cpu: '2' });
  const phase = random.pick(['Succeeded', 'Failed']);
  fill(making, { cpu: '2' }).status = { phase };
  ask(making.target, { cpu: '1' });
  return `a pod that has ${phase.toLowerCase()} asked for all CPU`;
};

const surging: Wrinkle = ({ scenario, random, here }) => {
  surge({ scenario });
  if (random.chance(0.5)) allocate(here, { 'sgx.intel.com/epc': random.pick(['15Mi', '25Mi']) });
  return 'the Deployment surges';
};

/** Wrinkles of the node itself: cordon, taints, labels, ports, room. */
export const nodeWrinkles: readonly Wrinkle[] = [
  cordon,
  taint,
  selector,
  nodeAffinity,
  nodeName,
  ports,
  oldPort,
  epc,
  compute,
  crowd,
  finished,
  surging,
];

/**
 * Whether a pod has a port of the host already. Two that have the same one cannot be on a node: no kubelet starts the
 * second. The scheduler, made to count them by force, takes the port for free once either is gone.
 */
function hasHostPorts({ scenario }: Making): boolean {
  return [scenario.old, ...scenario.pods].some(({ spec }) =>
    [...spec.containers, ...(spec.initContainers ?? [])].some(({ ports = [] }) =>
      ports.some(({ hostPort }) => hostPort !== undefined),
    ),
  );
}

/** Lets the target's Deployment start the new pod beside the old one. */
export function surge({ scenario }: Pick<Making, 'scenario'>): void {
  scenario.files.deployment.spec.strategy = {
    type: 'RollingUpdate',
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
  };
}

/** Makes a node have amounts. */
export function allocate(node: Making['here'], amounts: Record<string, string>): void {
  const status = (node.status ??= {});
  status.allocatable = { ...status.allocatable, ...amounts };
}

/** Puts a pod on the node that asks for amounts. */
export function fill(making: Making, amounts: Record<string, string>): Pod {
  return addPod(making, making.here, ({ spec }) => {
    spec.containers = [{ name: 'c', image: 'i', resources: { requests: amounts, limits: amounts } }];
  });
}

/** Adds to what the Coordinator's container asks for. */
export function ask({ spec }: Making['target'], amounts: Record<string, string>): void {
  const [container] = spec.containers;
  if (container === undefined) return;
  const limits = { ...container.resources?.limits, ...amounts };
  container.resources = { ...container.resources, limits };
}

function askSomehow({ random, target }: Making, resource: string, amount: string): string {
  const wholePod = resource === 'cpu' || resource === 'memory';
  const asking = { name: 'more', image: 'i', resources: { limits: { [resource]: amount } } };
  const how = random.pick(['container', 'init', 'sidecar', ...(wholePod ? ['pod', 'pod limit'] : [])]);
  switch (how) {
    case 'container':
      ask(target, { [resource]: amount });
      break;
    case 'init':
      target.spec.initContainers = [asking];
      break;
    case 'sidecar':
      target.spec.initContainers = [{ ...asking, restartPolicy: 'Always' }];
      break;
    case 'pod':
      target.spec.resources = { requests: { [resource]: amount } };
      break;
    default:
      target.spec.resources = { limits: { [resource]: amount } };
  }
  return `${amount} asked by the ${how}`;
}

function tolerate({ spec }: Making['target'], toleration: Toleration): void {
  spec.tolerations = [...(spec.tolerations ?? []), toleration];
}

/** The API server wants `NoExecute` where seconds are given. */
function isValid({ tolerationSeconds, effect }: Toleration): boolean {
  return tolerationSeconds === undefined || effect === 'NoExecute';
}

/** Labels by which other pods may mind the new one although they do not mind the old one. */
export function newLabel(making: Making): Record<string, string> {
  labelsOf(making.target).release = 'new';
  return { release: 'new' };
}
