import type { Node, PodSpec } from '../objects.ts';
import { matchesNodeSelector } from './node-selector.ts';
import type { Refusal } from './refusal.ts';

/** NodeAffinity: the pod's nodeSelector and its required node affinity must both match. */
export function refusedByNodeAffinity(node: Node, pod: PodSpec): Refusal | undefined {
  const labels = Object.entries(pod.nodeSelector ?? {});
  const required = pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const matches =
    labels.every(([key, value]) => node.metadata.labels?.[key] === value) &&
    (required === undefined || matchesNodeSelector(node, required));
  return matches
    ? undefined
    : { filter: 'NodeAffinity', reason: "node(s) didn't match Pod's node affinity/selector" };
}
