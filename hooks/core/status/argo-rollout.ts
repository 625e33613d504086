import type { ArgoRollout } from '../objects/workloads.ts';
import { done, failed, isUnseen, unseen, waiting, type RolloutStatus } from './rollout-status.ts';

/**
 * Whether an Argo Rollout has truly rolled out, all its canary steps or the cutover included. Its controller says so
 * itself in `status.phase` (Argo Rollouts: utils/rollout); the revision has to agree, since a phase may be an old one.
 */
export function argoRolloutStatus({ metadata, spec, status = {} }: ArgoRollout): RolloutStatus {
  if (isUnseen(metadata.generation, observed(status.observedGeneration))) return unseen('Rollout');
  const { phase, message = '', conditions = [], pauseConditions = [] } = status;
  const broken = conditions.find(
    ({ type, status: value, reason = '' }) =>
      (type === 'InvalidSpec' && value === 'True') || failures.includes(reason),
  );
  if (broken !== undefined) return failed(broken.message ?? broken.reason ?? broken.type);
  if (phase === 'Degraded') return failed(`Argo Rollouts calls it degraded: ${message}`);
  const [pause] = pauseConditions;
  if (pause !== undefined) return waiting(`it is paused (${pause.reason}) until somebody promotes it`);
  if (spec.paused === true) return waiting('it is paused');
  return byCounts(spec.replicas ?? 1, status);
}

const failures: readonly string[] = ['RolloutAborted', 'ProgressDeadlineExceeded'];

function byCounts(wanted: number, status: NonNullable<ArgoRollout['status']>): RolloutStatus {
  const { updatedReplicas = 0, availableReplicas = 0, phase = 'Healthy', message = '' } = status;
  if (updatedReplicas < wanted)
    return waiting(`${updatedReplicas} of ${wanted} pods are of the new template`);
  if (availableReplicas < wanted) return waiting(`${availableReplicas} of ${wanted} pods are available`);
  if (status.stableRS === undefined || status.stableRS !== status.currentPodHash) {
    return waiting('waiting for all its steps to complete');
  }
  if (phase !== 'Healthy') return waiting(message === '' ? phase : message);
  return done(`${wanted} of ${wanted} pods are available`);
}

/** Before v0.10 it was a hash, which says nothing about the generation. */
function observed(text: string | undefined): number {
  if (text === undefined) return 0;
  return /^\d+$/.test(text) ? Number(text) : Infinity;
}
