import type { WorkloadKind } from '../marbles/workload.ts';
import type { WorkloadObjects } from '../objects/workloads.ts';
import { argoRolloutStatus } from './argo-rollout.ts';
import { daemonSetStatus } from './daemon-set.ts';
import { deploymentStatus } from './deployment.ts';
import type { RolloutStatus } from './rollout-status.ts';
import { statefulSetStatus } from './stateful-set.ts';

export type { RolloutStatus } from './rollout-status.ts';

const rules: { [K in WorkloadKind]: (object: WorkloadObjects[K]) => RolloutStatus } = {
  Deployment: deploymentStatus,
  StatefulSet: statefulSetStatus,
  DaemonSet: daemonSetStatus,
  Rollout: argoRolloutStatus,
};

/** How far the roll of a workload is, by the full rule of its kind. */
export function workloadStatus<K extends WorkloadKind>(kind: K, object: WorkloadObjects[K]): RolloutStatus {
  return rules[kind](object);
}
