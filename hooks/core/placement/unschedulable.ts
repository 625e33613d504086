import type { Node, Toleration } from '../objects.ts';
import type { Refusal } from './refusal.ts';
import { tolerates } from './taints.ts';

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** NodeUnschedulable: a cordoned node takes only pods that tolerate its `unschedulable` taint. */
export function refusedByCordon(node: Node, tolerations: readonly Toleration[]): Refusal | undefined {
  if (node.spec.unschedulable !== true || tolerations.some((toleration) => tolerates(toleration, taint))) {
    return undefined;
  }
  return { filter: 'NodeUnschedulable', reason: 'node(s) were unschedulable' };
}
