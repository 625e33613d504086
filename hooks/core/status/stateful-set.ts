import type { StatefulSet } from '../objects/workloads.ts';
import { after, done, isUnseen, unseen, waiting, type RolloutStatus } from './rollout-status.ts';

/**
 * Whether a StatefulSet has truly rolled out. Its controller counts pods by revision; kubectl looks at ready ones only
 * and takes every set for a partitioned one, and the controller itself promotes the revision before `minReadySeconds` are
 * over (k8s#136831), so that the available pods are counted here.
 */
export function statefulSetStatus({ metadata, spec, status = {} }: StatefulSet): RolloutStatus {
  if (isUnseen(metadata.generation, status.observedGeneration)) return unseen('StatefulSet');
  const wanted = spec.replicas ?? 1;
  const held = heldBack({ spec });
  const moving = wanted - held;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  if (updatedReplicas < moving)
    return waiting(`${updatedReplicas} of ${moving} pods are of the new template`);
  if (replicas > wanted) return waiting(`${replicas - wanted} pods more than wanted are still there`);
  if (availableReplicas < wanted) {
    const completed = held === 0 && status.currentRevision === status.updateRevision;
    return after(completed, waiting(`${availableReplicas} of ${wanted} pods are available`));
  }
  if (isRolling({ spec }) && held === 0 && status.currentRevision !== status.updateRevision) {
    return waiting('waiting for the StatefulSet controller to end the update');
  }
  const rest = held === 0 ? '' : `; its partition holds ${held} of them back`;
  return done(`${wanted} of ${wanted} pods are available${rest}`);
}

/** How many pods keep the old template: those below the partition of a rolling update. */
export function heldBack({ spec }: Pick<StatefulSet, 'spec'>): number {
  const partition = isRolling({ spec }) ? (spec.updateStrategy?.rollingUpdate?.partition ?? 0) : 0;
  return Math.min(partition, spec.replicas ?? 1);
}

function isRolling({ spec }: Pick<StatefulSet, 'spec'>): boolean {
  return (spec.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
}
