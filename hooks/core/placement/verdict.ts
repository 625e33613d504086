import { nodeName, type PreflightFacts } from '../facts.ts';
import { known, valueOf } from '../known.ts';
import type { Deployment, Pod } from '../objects.ts';
import { needsPin, boundTo, pinTemplate } from '../pin.ts';
import { QuantityError } from '../quantity.ts';
import { isSeveral } from '../several.ts';
import { nextPod } from './candidate.ts';
import { beyondKnowledge, nodeRefusal } from './node-fit.ts';
import { refusedByPodAffinity } from './pod-affinity.ts';
import { isRefusal, type Outcome, type Refusal } from './refusal.ts';
import { hostname, idOf, sceneOf, type NodeFacts } from './scene.ts';
import { verdictOfSeveral } from './verdict-of-several.ts';

/** Where the Coordinator's next pod will run, as far as that can be known, with the reason. */
export type PlacementVerdict =
  | { kind: 'nowhere-yet' }
  | { kind: 'stays'; node: string }
  | { kind: 'hands-on-key' }
  | { kind: 'may-move'; node: string; reason: string }
  | { kind: 'moves-as-declared'; node: string }
  | ({ kind: 'must-move'; node: string } & Refusal)
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

/** The Coordinator's next pod as the scheduler will see it; undefined before the first install. */
export function coordinatorsNextPod({ target, live, pods, runtimeClass }: PreflightFacts): Pod | undefined {
  return live === undefined ? undefined : nextPod(target, live, pods[0], runtimeClass).pod;
}

function decided(facts: PreflightFacts): PlacementVerdict {
  const { settings, target, live, node, pods } = facts;
  if (live === undefined) return { kind: 'nowhere-yet' };
  if (isSeveral(target)) return verdictOfSeveral(facts, live);
  const name = node?.known === true ? node.value.node.metadata.name : nodeName(facts);
  if (node === undefined || name === undefined) {
    return { kind: 'unknown', node: undefined, reason: 'no pod runs and no record names a node' };
  }
  if (settings.placement.avoidNodes.includes(name)) return { kind: 'moves-as-declared', node: name };
  if (!node.known) return { kind: 'unknown', node: name, reason: node.why };
  const { pod, doubt } = nextPod(target, live, pods[0], facts.runtimeClass);
  const beyond = doubt ?? beyondKnowledge(pod.spec);
  if (beyond !== undefined) return { kind: 'unknown', node: name, reason: beyond };
  const outcome = uponReplacement(pod, facts, node.value);
  if (isRefusal(outcome) && pod.spec.nodeName === name) {
    const reason = `the pod names its node itself, past the scheduler: ${outcome.reason} (${outcome.filter})`;
    return { kind: 'unknown', node: name, reason };
  }
  if (isRefusal(outcome)) return refused(pod, facts, node.value, outcome);
  if (outcome !== undefined) return { kind: 'unknown', node: name, reason: outcome.doubt };
  return withinGroup(pod, facts, node.value);
}

/**
 * What the node says when the new pod comes. With `Recreate` the old pods are gone by then, those on their way out included;
 * with a surge they are not. A rolling update without a surge ends the old pod first but does not wait for its end.
 */
function uponReplacement(pod: Pod, facts: PreflightFacts, node: NodeFacts): Outcome {
  const gone = replacedPods(facts);
  if (replacement(facts.target) === 'after') return nodeRefusal(pod, node, gone);
  const beside = nodeRefusal(pod, node, new Set());
  if (replacement(facts.target) === 'beside') return beside;
  const after = nodeRefusal(pod, node, gone);
  if (isRefusal(beside) === isRefusal(after)) return after;
  return { doubt: 'the old pod ends first, and whether it is gone in time is not known (maxSurge is 0)' };
}

/** Whether the new pod comes after the end of the old one, beside it, or after it was told to end. */
function replacement({ spec }: Deployment): 'after' | 'beside' | 'overlapping' {
  if (spec.strategy?.type === 'Recreate') return 'after';
  const surge = parseFloat(String(spec.strategy?.rollingUpdate?.maxSurge ?? '25%'));
  return surge === 0 ? 'overlapping' : 'beside';
}

/** The ids of the Deployment's own pods. */
function replacedPods({ live, node, group, pods }: PreflightFacts): ReadonlySet<string> {
  const labels = Object.entries(live?.spec.selector.matchLabels ?? {});
  const own = [...pods, ...group, ...seenFrom(valueOf(node))].filter(
    ({ metadata }) =>
      metadata.namespace === live?.metadata.namespace &&
      labels.every(([key, value]) => metadata.labels?.[key] === value),
  );
  return new Set(own.map(idOf));
}

function seenFrom(node: NodeFacts | undefined): Pod[] {
  return [...(node?.pods ?? []), ...(valueOf(node?.elsewhere)?.pods ?? [])];
}

/**
 * A refusal that pods on their way out, or pods of a lower priority, are the cause of may not last: the scheduler waits for
 * the former and evicts the latter (DefaultPreemption).
 */
function refused(pod: Pod, facts: PreflightFacts, node: NodeFacts, refusal: Refusal): PlacementVerdict {
  const name = node.node.metadata.name;
  const leaving = seenFrom(node).filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  const weaker = node.pods.filter((other) => evicts(pod, other));
  const gone = replacement(facts.target) === 'beside' ? [] : [...replacedPods(facts)];
  const lastsWithout = (others: readonly Pod[]): boolean =>
    isRefusal(nodeRefusal(pod, node, new Set([...gone, ...others.map(idOf)])));
  const why = `${refusal.reason} (${refusal.filter})`;
  if (!lastsWithout(leaving)) {
    return { kind: 'unknown', node: name, reason: `pods that are on their way out stand against it: ${why}` };
  }
  if (!lastsWithout([...leaving, ...weaker])) {
    const reason = `the scheduler may evict pods of a lower priority for it: ${why}`;
    return { kind: 'unknown', node: name, reason };
  }
  return { kind: 'must-move', node: name, ...refusal };
}

/** A priority that is not known may be higher than any. */
function evicts({ spec }: Pod, other: Pod): boolean {
  return spec.preemptionPolicy !== 'Never' && (other.spec.priority ?? 0) < (spec.priority ?? Infinity);
}

/** A node that takes the pod keeps it only if something holds the pod there. */
function withinGroup(pod: Pod, facts: PreflightFacts, node: NodeFacts): PlacementVerdict {
  const { stickiness } = facts.settings.placement;
  const name = node.node.metadata.name;
  const moves = (reason: string): PlacementVerdict => ({ kind: 'may-move', node: name, reason });
  if (stickiness !== 'required') return moves(`placement.stickiness is ${stickiness}`);
  const replaced = replacement(facts.target) === 'beside' ? new Set<string>() : replacedPods(facts);
  const astray = facts.group.find(
    (member) =>
      !replaced.has(idOf(member)) && member.spec.nodeName !== undefined && member.spec.nodeName !== name,
  );
  if (astray !== undefined) {
    return moves(`pod/${astray.metadata.name} of the placement group is on ${astray.spec.nodeName ?? ''}`);
  }
  const pin = needsPin(facts, name) ? placedPin(facts, name) : undefined;
  const without = pin === undefined ? undefined : noRoomFor(pin, pod, facts, node);
  if (without !== undefined) return moves(without);
  const pods = pin === undefined ? node.pods : [...node.pods, pin];
  if (!isHeld(pod, { ...node, pods }, replaced)) {
    return moves('the rules of its pod do not tie it to the placement group');
  }
  return { kind: 'stays', node: name };
}

/** Whether another node, the same but for its name, would not take the pod because of what is on this one. */
function isHeld(pod: Pod, { node, pods, elsewhere }: NodeFacts, gone: ReadonlySet<string>): boolean {
  const around = valueOf(elsewhere);
  const other: NodeFacts = {
    node: { ...node, metadata: { name: '', labels: { ...node.metadata.labels, [hostname]: '' } } },
    pods: [],
    elsewhere: known({ pods: [...pods, ...(around?.pods ?? [])], nodes: [node, ...(around?.nodes ?? [])] }),
  };
  return isRefusal(refusedByPodAffinity(pod, sceneOf(other, gone)));
}

function placedPin(facts: PreflightFacts, node: string): Pod {
  const pin = boundTo(node, pinTemplate(facts), { name: '', uid: '' });
  return { ...pin, spec: { ...pin.spec, nodeName: node } };
}

/** While there is no anchor a pin holds the node: it needs room beside the old pod, and the new pod beside it. */
function noRoomFor(pin: Pod, pod: Pod, facts: PreflightFacts, node: NodeFacts): string | undefined {
  const first = nodeRefusal(pin, { ...node, claims: [] }, new Set());
  const outcome = first ?? uponReplacement(pod, facts, { ...node, pods: [...node.pods, pin] });
  if (outcome === undefined) return undefined;
  const reason = isRefusal(outcome) ? `${outcome.reason} (${outcome.filter})` : outcome.doubt;
  const room = first === undefined ? 'beside it there is no room for both' : 'it does not fit there';
  return `a pin pod would have to hold the node until the anchor runs, and ${room}: ${reason}`;
}
