/** The parts of a pod that say where it may be, next to what, and with which ports and volumes. */
import type { NodeSelectorRequirement } from './objects.ts';

/** Absent it selects nothing, empty everything (Kubernetes API reference: "LabelSelector"). */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: NodeSelectorRequirement[];
}

/** Pods that a pod must, or must not, share a topology with. */
export interface PodAffinityTerm {
  topologyKey: string;
  labelSelector?: LabelSelector;
  namespaces?: string[];
  namespaceSelector?: LabelSelector;
  matchLabelKeys?: string[];
  mismatchLabelKeys?: string[];
}

export interface TopologySpreadConstraint {
  maxSkew: number;
  topologyKey: string;
  whenUnsatisfiable: string;
  labelSelector?: LabelSelector;
  minDomains?: number;
  nodeAffinityPolicy?: string;
  nodeTaintsPolicy?: string;
  matchLabelKeys?: string[];
}

export interface ContainerPort {
  containerPort?: number;
  hostPort?: number;
  hostIP?: string;
  protocol?: string;
}

export interface Volume {
  name: string;
  persistentVolumeClaim?: { claimName: string };
  /** A claim of the pod's own, made with the pod. */
  ephemeral?: object;
  gcePersistentDisk?: object;
  awsElasticBlockStore?: object;
  iscsi?: object;
  rbd?: object;
}
