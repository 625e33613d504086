import type { Node, PodSpec } from '../objects.ts';
import type { Refusal } from './refusal.ts';

/** NodeName: a pod that names its node goes to no other. */
export function refusedByNodeName(node: Node, { nodeName }: PodSpec): Refusal | undefined {
  if (nodeName === undefined || nodeName === '' || nodeName === node.metadata.name) return undefined;
  return { filter: 'NodeName', reason: "node(s) didn't match the requested node name" };
}
