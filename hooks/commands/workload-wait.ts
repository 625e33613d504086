import { workloadName, type WorkloadName } from '../core/marbles/workload.ts';
import type { Deployment } from '../core/objects.ts';
import type { WorkloadObject } from '../core/objects/workloads.ts';
import { podTrouble } from '../core/pod-trouble.ts';
import { workloadStatus } from '../core/status/status.ts';
import { paths } from '../io/paths.ts';
import { podsOf } from '../io/pods.ts';
import { waitFor } from '../io/wait.ts';
import { RolloutFailure } from './deployment-wait.ts';
import { waitOf, type Session } from './session.ts';

/** Waits until a workload of any kind has truly rolled out. Throws a RolloutFailure when it is gone or stuck. */
export async function workloadRolledOut(session: Session, workload: WorkloadName): Promise<void> {
  const { cluster } = session;
  const subject = workloadName(workload);
  await waitFor(waitOf(session), subject, async () => {
    const object = await cluster.get<WorkloadObject>(paths.workload(workload));
    if (object === undefined) throw new RolloutFailure(`${subject} is not there`);
    const status = workloadStatus(workload.kind, object);
    if (status.done) return { done: true, value: undefined };
    const pods = await podsOf(cluster, object as Deployment);
    const trouble = pods.map(podTrouble).find((text) => text !== undefined);
    const message = trouble === undefined ? status.message : `${status.message}; ${trouble}`;
    if (status.failed) throw new RolloutFailure(`${subject}: ${message}`);
    return { done: false, message };
  });
}
