import { nodeName, type PreflightFacts } from '../facts.ts';
import type { Deployment, Pod } from '../objects.ts';
import { QuantityError } from '../quantity.ts';
import { beyondKnowledge, nodeRefusal } from './node-fit.ts';

/** Where the Coordinator's next pod will run, as far as that can be known, with the reason. */
export type PlacementVerdict =
  | { kind: 'nowhere-yet' }
  | { kind: 'stays'; node: string }
  | { kind: 'may-move'; node: string; reason: string }
  | { kind: 'moves-as-declared'; node: string }
  | { kind: 'must-move'; node: string; filter: string; reason: string }
  | { kind: 'unknown'; node: string | undefined; reason: string };

/**
 * Decides on the placement from the node's filters, the placement group and a declared move. An amount that cannot be
 * read, such as a slip in the values, leaves the placement unknown.
 */
export function placementVerdict(facts: PreflightFacts): PlacementVerdict {
  try {
    return decided(facts);
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    return { kind: 'unknown', node: nodeName(facts), reason: error.message };
  }
}

function decided(facts: PreflightFacts): PlacementVerdict {
  const { settings, target, live, node, pods } = facts;
  if (live === undefined) return { kind: 'nowhere-yet' };
  if (node === undefined) {
    return { kind: 'unknown', node: undefined, reason: 'no pod runs and no record names a node' };
  }
  const declared = pods[0]?.spec.nodeName;
  if (declared !== undefined && settings.placement.avoidNodes.includes(declared)) {
    return { kind: 'moves-as-declared', node: declared };
  }
  if (!node.known) return { kind: 'unknown', node: declared, reason: node.why };
  const name = node.value.node.metadata.name;
  if (settings.placement.avoidNodes.includes(name)) return { kind: 'moves-as-declared', node: name };
  const pod = target.spec.template.spec;
  const beyond = beyondKnowledge(pod);
  if (beyond !== undefined) return { kind: 'unknown', node: name, reason: beyond };
  const refusal = nodeRefusal(pod, node.value, freedBy(live, target, node.value.pods));
  if (refusal !== undefined) return { kind: 'must-move', node: name, ...refusal };
  return withinGroup(facts, name);
}

/** With `Recreate` the old pods are gone before the new one comes, those on their way out included. */
function freedBy(live: Deployment, target: Deployment, onNode: readonly Pod[]): ReadonlySet<string> {
  if (target.spec.strategy?.type !== 'Recreate') return new Set();
  const labels = Object.entries(live.spec.selector.matchLabels ?? {});
  const own = onNode.filter(
    ({ metadata }) =>
      metadata.namespace === live.metadata.namespace &&
      labels.every(([key, value]) => metadata.labels?.[key] === value),
  );
  return new Set(own.map(({ metadata }) => metadata.uid ?? metadata.name));
}

/** A node that takes the pod keeps it only if something holds the pod there. */
function withinGroup({ settings, group }: PreflightFacts, node: string): PlacementVerdict {
  const { stickiness } = settings.placement;
  if (stickiness !== 'required') {
    return { kind: 'may-move', node, reason: `placement.stickiness is ${stickiness}` };
  }
  const astray = group.find(({ spec }) => spec.nodeName !== undefined && spec.nodeName !== node);
  if (astray !== undefined) {
    const reason = `pod/${astray.metadata.name} of the placement group is on ${astray.spec.nodeName ?? ''}`;
    return { kind: 'may-move', node, reason };
  }
  return { kind: 'stays', node };
}
