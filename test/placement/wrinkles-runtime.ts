import type { RuntimeClass } from '../../hooks/core/objects.ts';
import { addPod, type Making, type Wrinkle } from './scenario.ts';
import { allocate, ask, fill } from './wrinkles-node.ts';

/** RuntimeClasses that the scenarios share. */
export const runtimeClasses: readonly (RuntimeClass & { handler: string })[] = [
  { metadata: { name: 'placement-bare' }, handler: 'runc' },
  {
    metadata: { name: 'placement-heavy' },
    handler: 'runc',
    overhead: { podFixed: { cpu: '750m', memory: '2Gi' } },
  },
  {
    metadata: { name: 'placement-apart' },
    handler: 'runc',
    overhead: { podFixed: { cpu: '250m' } },
    scheduling: {
      nodeSelector: { runtime: 'apart' },
      tolerations: [{ key: 'example.com/apart', operator: 'Exists' }],
    },
  },
];

/** A RuntimeClass for the pod, and maybe for the one before it and for another one, on a node with little CPU. */
export const runtimeClass: Wrinkle = (making) => {
  const { random, target, scenario } = making;
  const { name } = random.pick(runtimeClasses).metadata;
  const room = scarcity(making);
  ask(target, { cpu: random.pick(['250m', '500m', '1']) });
  if (random.chance(0.1)) target.spec.nodeSelector = { ...target.spec.nodeSelector, runtime: 'shared' };
  const before = random.chance(0.5);
  if (before) {
    for (const spec of [scenario.live.spec.template.spec, scenario.old.spec]) spec.runtimeClassName = name;
  }
  const named = random.chance(0.03) ? 'placement-missing' : name;
  target.spec.runtimeClassName = named;
  return `the pod has the RuntimeClass ${named}, and the old one ${before ? 'as well' : 'none'}; ${room}`;
};

function scarcity(making: Making): string {
  const { random, here } = making;
  allocate(here, { cpu: random.pick(['1', '2', '3']) });
  if (random.chance(0.7)) (here.metadata.labels ??= {}).runtime = random.pick(['apart', 'apart', 'shared']);
  if (random.chance(0.3)) {
    here.spec.taints = [...(here.spec.taints ?? []), { key: 'example.com/apart', effect: 'NoSchedule' }];
  }
  const taken = random.pick(['none', '250m', '1']);
  if (taken !== 'none') fill(making, { cpu: taken });
  if (!random.chance(0.4)) return `CPU taken: ${taken}`;
  addPod(making, here, ({ spec }) => (spec.runtimeClassName = 'placement-heavy'));
  return `CPU taken: ${taken}, and by the overhead of a pod`;
}
