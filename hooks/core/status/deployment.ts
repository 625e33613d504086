import type { Condition, Deployment } from '../objects.ts';
import { after, done, failed, isUnseen, unseen, waiting, type RolloutStatus } from './rollout-status.ts';

/**
 * Whether a Deployment has truly rolled out: the controller has seen this generation, and every pod is of the new
 * template, available and the only one left (union of kubectl's and kstatus' rules).
 */
export function deploymentStatus({ metadata, spec, status = {} }: Deployment): RolloutStatus {
  if (isUnseen(metadata.generation, status.observedGeneration)) return unseen('Deployment');
  const { conditions = [] } = status;
  const stuck = find(conditions, 'Progressing', 'False');
  if (stuck?.reason === 'ProgressDeadlineExceeded') {
    return failed(`it exceeded its progress deadline: ${stuck.message ?? ''}`);
  }
  const progress = byCounts(spec.replicas ?? 1, { ...noPods, ...status });
  if (progress.done) {
    const missing = find(conditions, 'Available', 'False');
    return missing === undefined ? progress : waiting(`it is not available: ${missing.message ?? ''}`);
  }
  const completed = find(conditions, 'Progressing', 'True')?.reason === 'NewReplicaSetAvailable';
  return after(completed, unfinished(progress, { paused: spec.paused === true, conditions }));
}

function unfinished(
  progress: RolloutStatus,
  { paused, conditions }: { paused: boolean; conditions: readonly Condition[] },
): RolloutStatus {
  if (paused) return waiting(`${progress.message}; it is paused`);
  // A quota or a webhook that refuses the pods; it may still let them pass before the progress deadline.
  const refused = find(conditions, 'ReplicaFailure', 'True');
  return refused === undefined ? progress : waiting(`${progress.message}; ${refused.message ?? ''}`);
}

const noPods = { replicas: 0, updatedReplicas: 0, availableReplicas: 0, readyReplicas: 0 };

function byCounts(wanted: number, counts: typeof noPods): RolloutStatus {
  const { updatedReplicas, replicas, availableReplicas, readyReplicas } = counts;
  const usable = Math.min(availableReplicas, readyReplicas);
  if (updatedReplicas < wanted) {
    return waiting(`${updatedReplicas} of ${wanted} pods are of the new template`);
  }
  if (replicas > updatedReplicas) return waiting(`${replicas - updatedReplicas} old pods are still there`);
  if (replicas > wanted) return waiting(`${replicas - wanted} pods more than wanted are still there`);
  if (usable < wanted) return waiting(`${usable} of ${wanted} pods are available`);
  return done(`${wanted} of ${wanted} pods are available`);
}

function find(conditions: readonly Condition[], type: string, status: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type && condition.status === status);
}
