import { valueOf, type Known } from '../known.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '../objects.ts';

/** The topology of which every node is one of its own. */
export const hostname = 'kubernetes.io/hostname';

/** A claim that a pod names, and what is behind it. */
export interface ClaimFacts {
  name: string;
  /** Undefined when there is no such claim. */
  claim?: PersistentVolumeClaim | undefined;
  /** True when the chart itself makes the claim, so that one that is missing is about to come. */
  ofChart?: boolean;
  /** Undefined when the claim is not bound or its volume is gone. */
  volume?: PersistentVolume | undefined;
  /** Read for a claim that is not bound; undefined when it names none or the class is gone. */
  storageClass?: StorageClass | undefined;
}

/** Pods on other nodes that bear on a node, and the nodes that are needed to tell where these are. */
export interface Surroundings {
  pods: readonly Pod[];
  nodes: readonly Node[];
}

/** A node and what bears on whether it takes one more pod. */
export interface NodeFacts {
  node: Node;
  /** All pods on it, of every namespace. */
  pods: readonly Pod[];
  /** Of the pod that is to come. */
  claims?: readonly ClaimFacts[];
  /** Undefined when the pod's rules do not reach beyond the node. */
  elsewhere?: Known<Surroundings> | undefined;
}

/** A pod that the scheduler counts, with the labels of its node; undefined labels when the node was not read. */
export interface Placed {
  pod: Pod;
  labels: Record<string, string> | undefined;
}

/** What the filters look at: the node as it is when the new pod comes. */
export interface Scene {
  node: Node;
  /** On the node, without those that have ended or are gone by then. */
  pods: readonly Pod[];
  claims: readonly ClaimFacts[];
  /** On other nodes, as far as they were asked for. */
  elsewhere: readonly Placed[];
  /** Nodes that were read besides this one. */
  nodes: readonly Node[];
  /** Why the surroundings are not known, where they were asked for. */
  unseen: string | undefined;
}

/** The scene with `gone` pods, known by {@link idOf}, left out. Pods that have ended do not count for the scheduler. */
export function sceneOf({ node, pods, claims = [], elsewhere }: NodeFacts, gone: ReadonlySet<string>): Scene {
  const counts = (pod: Pod): boolean => !hasEnded(pod) && !gone.has(idOf(pod));
  const around = valueOf(elsewhere) ?? { pods: [], nodes: [] };
  const labels = new Map(around.nodes.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
  return {
    node,
    pods: pods.filter(counts),
    claims,
    elsewhere: around.pods
      .filter(({ spec }) => spec.nodeName !== undefined && spec.nodeName !== node.metadata.name)
      .filter(counts)
      .map((pod) => ({ pod, labels: labels.get(pod.spec.nodeName ?? '') })),
    nodes: around.nodes.filter(({ metadata }) => metadata.name !== node.metadata.name),
    unseen: elsewhere?.known === false ? elsewhere.why : undefined,
  };
}

/** Whether a pod has ended: the scheduler does not watch those (`status.phase!=Succeeded,status.phase!=Failed`). */
export function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** What a pod is known by among others. */
export function idOf({ metadata }: Pod): string {
  return metadata.uid ?? metadata.name;
}
