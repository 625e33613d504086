import type { DaemonSet } from '../objects/workloads.ts';
import { after, done, isUnseen, unseen, waiting, type RolloutStatus } from './rollout-status.ts';

/** Whether a DaemonSet has truly rolled out. It has no progress deadline, so it never fails by itself. */
export function daemonSetStatus({ metadata, status = {} }: DaemonSet): RolloutStatus {
  if (isUnseen(metadata.generation, status.observedGeneration)) return unseen('DaemonSet');
  const { desiredNumberScheduled: wanted = 0, currentNumberScheduled: current = 0 } = status;
  const { updatedNumberScheduled: updated = 0, numberReady = 0, numberAvailable = 0 } = status;
  const usable = Math.min(numberReady, numberAvailable);
  if (updated < wanted) return waiting(`${updated} of ${wanted} pods are of the new template`);
  if (current < wanted) return waiting(`${current} of ${wanted} nodes have their pod`);
  // The controller does not tell whether all were available before: a node that is away would keep them from it for ever.
  if (usable < wanted) return after(true, waiting(`${usable} of ${wanted} pods are available`));
  return done(`${wanted} of ${wanted} pods are available`);
}
