import type { Node, PersistentVolume } from '../objects.ts';
import { matchesNodeSelector } from './node-selector.ts';
import type { Refusal } from './refusal.ts';

/** VolumeBinding: a bound volume with a node affinity can only be used on the nodes that it names. */
export function refusedByVolume(node: Node, volume: PersistentVolume | undefined): Refusal | undefined {
  const required = volume?.spec.nodeAffinity?.required;
  if (required === undefined || matchesNodeSelector(node, required)) return undefined;
  return { filter: 'VolumeBinding', reason: "node(s) didn't match PersistentVolume's node affinity" };
}
