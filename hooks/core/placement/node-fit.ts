import type { Node, PersistentVolume, Pod, PodSpec } from '../objects.ts';
import { refusedByNodeAffinity } from './node-affinity.ts';
import type { Refusal } from './refusal.ts';
import { refusedByResources } from './resources.ts';
import { refusedByTaints } from './taints.ts';
import { refusedByCordon } from './unschedulable.ts';
import { refusedByVolume } from './volume.ts';

/** A node and what bears on whether it takes one more pod. */
export interface NodeFacts {
  node: Node;
  pods: readonly Pod[];
  /** The volume that the pod's claim is bound to, if it is. */
  volume?: PersistentVolume | undefined;
}

/**
 * Whether a node takes a pod: undefined when it does, else the first filter that refuses, in kube-scheduler's order.
 * `freed` are the uids of pods whose share is free by then: with `Recreate` the old pod goes first.
 */
export function nodeRefusal(
  pod: PodSpec,
  { node, pods, volume }: NodeFacts,
  freed: ReadonlySet<string>,
): Refusal | undefined {
  const tolerations = pod.tolerations ?? [];
  return (
    refusedByCordon(node, tolerations) ??
    refusedByTaints(node, tolerations) ??
    refusedByNodeAffinity(node, pod) ??
    refusedByResources(node, pod, pods, freed) ??
    refusedByVolume(node, volume)
  );
}

/** What of a pod's scheduling these filters cannot judge; undefined when they can. */
export function beyondKnowledge(pod: PodSpec): string | undefined {
  if (pod.schedulerName !== undefined && pod.schedulerName !== 'default-scheduler') {
    return `another scheduler places the pod (schedulerName: ${pod.schedulerName})`;
  }
  if ((pod.schedulingGates ?? []).length > 0) return 'the pod has scheduling gates';
  if ((pod.resourceClaims ?? []).length > 0) return 'the pod asks for devices by resource claims';
  return undefined;
}
