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
