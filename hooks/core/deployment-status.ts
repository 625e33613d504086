import type { Condition, Deployment } from './objects.ts';

/** How far a Deployment's rollout is. `failed` means that waiting is no use. */
export interface RolloutStatus {
  done: boolean;
  failed: boolean;
  /** One line with counts, for people. */
  message: string;
}

/**
 * Whether a Deployment has truly rolled out: the controller has seen this generation, and every pod is of the new
 * template, available and the only one left (union of kubectl's and kstatus' rules).
 */
export function deploymentStatus(deployment: Deployment): RolloutStatus {
  const { metadata, spec, status = {} } = deployment;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    return waiting('waiting for the Deployment controller to see the change');
  }
  const stuck = progressing(status.conditions ?? []);
  if (stuck !== undefined) return { done: false, failed: true, message: stuck };
  return byCounts(spec.replicas ?? 1, { ...noPods, ...status });
}

const noPods = { replicas: 0, updatedReplicas: 0, availableReplicas: 0, readyReplicas: 0 };

function byCounts(wanted: number, counts: typeof noPods): RolloutStatus {
  const { updatedReplicas, replicas, availableReplicas, readyReplicas } = counts;
  const usable = Math.min(availableReplicas, readyReplicas);
  if (updatedReplicas < wanted) {
    return waiting(`${updatedReplicas} of ${wanted} pods are of the new template`);
  }
  if (replicas > updatedReplicas) return waiting(`${replicas - updatedReplicas} old pods are still there`);
  if (usable < wanted) return waiting(`${usable} of ${wanted} pods are available`);
  return { done: true, failed: false, message: `${wanted} of ${wanted} pods are available` };
}

function waiting(message: string): RolloutStatus {
  return { done: false, failed: false, message };
}

function progressing(conditions: readonly Condition[]): string | undefined {
  const condition = conditions.find(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  );
  return condition === undefined
    ? undefined
    : `it exceeded its progress deadline: ${condition.message ?? ''}`;
}
