import type { WorkloadKind } from '../marbles/workload.ts';
import type { Condition, Deployment, ObjectMeta, PodSpec } from '../objects.ts';

/** What the pods of a workload are made from. */
export interface PodTemplate {
  metadata?: Partial<ObjectMeta>;
  spec: PodSpec;
}

export interface StatefulSet {
  metadata: ObjectMeta;
  spec: {
    replicas?: number;
    selector: { matchLabels?: Record<string, string> };
    template: PodTemplate;
    /** One pod after the other (`OrderedReady`, the default), or all at once (`Parallel`). */
    podManagementPolicy?: string;
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } | null };
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    updatedReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
  };
}

export interface DaemonSet {
  metadata: ObjectMeta;
  spec: {
    selector: { matchLabels?: Record<string, string> };
    template: PodTemplate;
    updateStrategy?: { type?: string };
  };
  status?: {
    observedGeneration?: number;
    desiredNumberScheduled?: number;
    currentNumberScheduled?: number;
    updatedNumberScheduled?: number;
    numberReady?: number;
    numberAvailable?: number;
  };
}

/** Argo Rollouts' own Deployment (`argoproj.io/v1alpha1`). */
export interface ArgoRollout {
  metadata: ObjectMeta;
  spec: {
    replicas?: number;
    paused?: boolean;
    selector?: { matchLabels?: Record<string, string> };
    /** Not there when `workloadRef` names the workload that has it. */
    template?: PodTemplate;
    workloadRef?: { apiVersion?: string; kind: string; name: string };
    strategy?: { blueGreen?: object; canary?: { trafficRouting?: object } };
  };
  status?: {
    /** A number, written as a text. */
    observedGeneration?: string;
    /** Healthy, Progressing, Paused or Degraded, from v1.0 on. */
    phase?: string;
    message?: string;
    replicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    currentPodHash?: string;
    stableRS?: string;
    conditions?: Condition[];
    pauseConditions?: { reason: string }[];
  };
}

/** The object of each kind. Lists of the API server leave out the kind of their items, so it goes beside them. */
export interface WorkloadObjects {
  Deployment: Deployment;
  StatefulSet: StatefulSet;
  DaemonSet: DaemonSet;
  Rollout: ArgoRollout;
}

export type WorkloadObject = WorkloadObjects[WorkloadKind];
