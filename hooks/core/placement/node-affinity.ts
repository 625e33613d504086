import type { Node, PodSpec } from '../objects.ts';
import { matchesNodeSelector } from './node-selector.ts';
import type { Refusal } from './refusal.ts';

/** NodeAffinity: the pod's nodeSelector and its required node affinity must both match. */
export function refusedByNodeAffinity(node: Node, pod: PodSpec): Refusal | undefined {
  if (wantsNode(node, pod)) return undefined;
  return { filter: 'NodeAffinity', reason: "node(s) didn't match Pod's node affinity/selector" };
}

/** Whether a node is one that the pod's own selector and required affinity ask for. */
export function wantsNode(node: Node, pod: PodSpec): boolean {
  const labels = Object.entries(pod.nodeSelector ?? {});
  const required = pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (
    labels.every(([key, value]) => node.metadata.labels?.[key] === value) &&
    (required === undefined || matchesNodeSelector(node, required))
  );
}

/**
 * The nodes that a pod names in its required affinity are the only ones that the scheduler looks at (PreFilter of
 * NodeAffinity); a term without a name leaves all of them.
 */
export function leftOutByName(node: Node, { affinity }: PodSpec): Refusal | undefined {
  const terms =
    affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const named = terms.map(({ matchFields = [] }) =>
    matchFields.filter(({ key, operator }) => key === 'metadata.name' && operator === 'In'),
  );
  const open = named.some((fields) => fields.every(({ values = [] }) => values.includes(node.metadata.name)));
  if (terms.length === 0 || open) return undefined;
  return { filter: 'NodeAffinity', reason: "node(s) didn't satisfy plugin(s) [NodeAffinity]" };
}
