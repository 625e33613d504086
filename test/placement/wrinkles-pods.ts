import type { Pod } from '../../hooks/core/objects.ts';
import { addPod, labelsOf, require, type Making, type Wrinkle } from './scenario.ts';
import { allocate, ask, fill, newLabel, surge } from './wrinkles-node.ts';

const hostname = 'kubernetes.io/hostname';
const zone = 'topology.kubernetes.io/zone';

const ownAffinity: Wrinkle = (making) => {
  const { random, here, others, target, scenario } = making;
  const topologyKey = random.pick([hostname, zone, 'absent']);
  const foreign = random.chance(0.3);
  require(target, 'podAffinity', {
    topologyKey,
    labelSelector: { matchLabels: { app: 'db' } },
    ...(foreign ? { namespaces: [scenario.other] } : {}),
  });
  const count = random.between(0, 2);
  for (let i = 0; i < count; i++) {
    addPod(making, random.pick([here, ...others]), ({ metadata }) => {
      // Only a pod of all terms at once counts: often it is of the group, too.
      metadata.labels = { app: 'db', ...(random.chance(0.6) ? groupLabels(making) : {}) };
      if (foreign && random.chance(0.7)) metadata.namespace = scenario.other;
    });
  }
  if (random.chance(0.3)) labelsOf(target).app = 'db';
  return `the pod wants to be near app=db by ${topologyKey}; ${count} such pods`;
};

const ownAntiAffinity: Wrinkle = (making) => {
  const { random, here, others, target, scenario } = making;
  const topologyKey = random.pick([hostname, zone]);
  const scope = random.pick([
    {},
    { namespaces: [scenario.other] },
    { namespaceSelector: {} },
    { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': scenario.other } } },
    { matchLabelKeys: ['pod-template-hash'] },
  ]);
  const labelSelector = random.pick([
    { matchLabels: { app: 'noisy' } },
    { matchExpressions: [{ key: 'app', operator: 'In', values: ['noisy', 'loud'] }] },
  ]);
  require(target, 'podAntiAffinity', { topologyKey, labelSelector, ...scope });
  addPod(making, random.pick([here, here, ...others]), ({ metadata }) => {
    metadata.labels = { app: random.pick(['noisy', 'noisy', 'quiet']) };
    if (random.chance(0.4)) metadata.namespace = scenario.other;
  });
  return `the pod avoids noisy pods by ${topologyKey}, ${JSON.stringify(scope)}`;
};

const existingAntiAffinity: Wrinkle = (making) => {
  const { random, here, scenario } = making;
  const label = random.pick([
    { 'edgeless.systems/control-plane-component': 'coordinator' },
    newLabel(making),
  ]);
  const topologyKey = random.pick([hostname, zone]);
  const scope = random.pick([{}, { namespaces: [scenario.namespace] }, { namespaceSelector: {} }]);
  addPod(making, here, (pod) => {
    avoid(pod, { topologyKey, labelSelector: { matchLabels: label }, ...scope });
    if (random.chance(0.5)) pod.metadata.namespace = scenario.other;
  });
  return `a pod on the node avoids ${JSON.stringify(label)} by ${topologyKey}, ${JSON.stringify(scope)}`;
};

const distantAntiAffinity: Wrinkle = (making) => {
  const { random, others, here } = making;
  const node = random.pick([...others, here]);
  const labelSelector = { matchLabels: newLabel(making) };
  addPod(making, node, (pod) => {
    avoid(pod, { topologyKey: zone, labelSelector });
  });
  return `a pod on ${node.metadata.name} avoids the new label in its zone`;
};

const spread: Wrinkle = (making) => {
  const { random, here, others, target } = making;
  const topologyKey = random.pick([hostname, zone, 'absent']);
  target.spec.topologySpreadConstraints = [
    {
      maxSkew: random.between(1, 2),
      topologyKey,
      whenUnsatisfiable: random.pick(['DoNotSchedule', 'DoNotSchedule', 'ScheduleAnyway']),
      labelSelector: random.pick([{ matchLabels: { app: 'spread' } }, {}]),
      ...policies(making, topologyKey),
    },
  ];
  if (target.spec.topologySpreadConstraints[0]?.whenUnsatisfiable === 'ScheduleAnyway') {
    delete target.spec.topologySpreadConstraints[0].minDomains;
  }
  if (random.chance(0.6)) labelsOf(target).app = 'spread';
  for (let i = random.between(0, 4); i > 0; i--) {
    addPod(making, random.pick([here, here, ...others]), ({ metadata }) => {
      metadata.labels = { app: 'spread' };
    });
  }
  return `spread by ${JSON.stringify(target.spec.topologySpreadConstraints[0])}`;
};

/** Wrinkles of the pods around: rules about other pods and theirs about this one, spread, priorities. What seldom refuses is there more than once. */
export const podWrinkles: readonly Wrinkle[] = [
  ownAffinity,
  ownAntiAffinity,
  existingAntiAffinity,
  distantAntiAffinity,
  spread,
  spread,
];

const leaving: Wrinkle = (making) => {
  const { scenario, here } = making;
  allocate(here, { cpu: '2' });
  scenario.leaving.push(fill(making, { cpu: '2' }).metadata.name);
  return 'a pod that is on its way out has all CPU';
};

const priorities: Wrinkle = (making) => {
  const { random, here, scenario, target } = making;
  allocate(here, { cpu: '2' });
  fill(making, { cpu: '2' }).spec.priorityClassName = random.pick(['placement-low', 'placement-high']);
  ask(target, { cpu: '1' });
  const ours = random.pick([undefined, 'placement-low', 'placement-high']);
  for (const spec of [target.spec, scenario.live.spec.template.spec, scenario.old.spec]) {
    if (ours !== undefined) spec.priorityClassName = ours;
  }
  return `all CPU is taken, the pod’s priority class is ${ours ?? 'none'}`;
};

const scheduler: Wrinkle = ({ target, random }) => {
  if (random.chance(0.5)) target.spec.schedulerName = 'volcano';
  else target.spec.schedulingGates = [{ name: 'example.com/quota' }];
  return 'another scheduler, or a gate';
};

const overlapping: Wrinkle = ({ scenario, here }) => {
  scenario.files.deployment.spec.strategy = {
    type: 'RollingUpdate',
    rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
  };
  allocate(here, { 'sgx.intel.com/epc': '15Mi' });
  return 'the old pod goes first, without a surge';
};

const surgeWithRoom: Wrinkle = (making) => {
  surge(making);
  return 'the Deployment surges';
};

/** Rare ones: what they lead to is mostly "unknown". */
export const rareWrinkles: readonly Wrinkle[] = [leaving, priorities, scheduler, overlapping, surgeWithRoom];

function avoid({ spec }: Pod, term: object): void {
  const required = { requiredDuringSchedulingIgnoredDuringExecution: [term as never] };
  spec.affinity = { ...spec.affinity, podAntiAffinity: required };
}

function groupLabels({ scenario }: Making): Record<string, string> {
  const { key, value } = scenario.files.settings.placement.groupLabel;
  return { [key]: value };
}

/** By zone only the scenario's own nodes may count, for others come and go. */
function policies({ random }: Making, topologyKey: string): object {
  const affinity = topologyKey === hostname ? { nodeAffinityPolicy: random.pick(['Honor', 'Ignore']) } : {};
  return {
    ...(random.chance(0.5) ? affinity : {}),
    ...(random.chance(0.5) ? { nodeTaintsPolicy: random.pick(['Honor', 'Ignore']) } : {}),
    ...(random.chance(0.3) ? { minDomains: random.between(1, 4) } : {}),
    ...(random.chance(0.2) ? { matchLabelKeys: ['pod-template-hash'] } : {}),
  };
}
