import type { Pod } from '../objects.ts';
import { nodeRefusal } from './node-fit.ts';
import { isRefusal } from './refusal.ts';
import type { NodeFacts } from './scene.ts';

/** The nodes besides the one that refuses, as far as they were looked at. */
export interface OtherNodes {
  /** All of them. */
  count: number;
  /** Those that the pod's own rules and the node itself do not rule out, with their pods. */
  looked: readonly NodeFacts[];
  /** How many are ruled out by each reason, without a look at their pods. */
  ruledOut: Readonly<Record<string, number>>;
  /** How many were not looked at, since enough others were. */
  left: number;
}

/** The pod as it would go elsewhere: its group would come along. */
export function withoutGroup(pod: Pod): Pod {
  const affinity = { ...pod.spec.affinity };
  delete affinity.podAffinity;
  return { ...pod, spec: { ...pod.spec, affinity } };
}

/** Why a node refuses a pod whatever runs on it; undefined when that depends on its pods. */
export function refusedEmpty(pod: Pod, facts: NodeFacts): string | undefined {
  const outcome = nodeRefusal(withoutGroup(pod), { ...facts, pods: [] }, new Set());
  return isRefusal(outcome) ? outcome.reason : undefined;
}

/** A sentence in the form of the scheduler's: `2/4 other nodes would take it (sgx-2, sgx-3): 1 Insufficient cpu, …`. */
export function otherNodesText(pod: Pod, others: OtherNodes): string {
  const { count, looked, ruledOut, left } = others;
  if (count === 0) return 'There is no other node.';
  const reasons = new Map(Object.entries(ruledOut));
  const takers: string[] = [];
  for (const facts of looked) {
    const outcome = nodeRefusal(withoutGroup(pod), facts, new Set());
    if (outcome === undefined) takers.push(facts.node.metadata.name);
    else {
      const reason = isRefusal(outcome) ? outcome.reason : 'not known';
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  if (left > 0) reasons.set('not looked at', left);
  const names = takers.length === 0 ? '' : ` (${takers.join(', ')})`;
  const list = [...reasons].map(([reason, nodes]) => `${nodes} ${reason}`).sort();
  const why = list.length === 0 ? '' : `: ${list.join(', ')}`;
  return `${takers.length}/${count} other nodes would take it${names}${why}.`;
}
