import { deploymentStatus } from '../core/status/deployment.ts';
import { objectName, type Deployment } from '../core/objects.ts';
import { podTrouble } from '../core/pod-trouble.ts';
import { paths } from '../io/paths.ts';
import { podsOf } from '../io/pods.ts';
import { waitFor } from '../io/wait.ts';
import { waitOf, type Session } from './session.ts';

/** A Deployment's rollout failed in a way that waiting does not mend. */
export class RolloutFailure extends Error {
  override readonly name = 'RolloutFailure';
}

/** Waits until a Deployment has truly rolled out; says what its pods are stuck on. Throws a RolloutFailure when it is gone or stuck. */
export async function deploymentRolledOut(
  session: Session,
  namespace: string,
  name: string,
): Promise<Deployment> {
  const { cluster } = session;
  const subject = objectName('deployment', { namespace, name });
  return await waitFor(waitOf(session), subject, async () => {
    const deployment = await cluster.get<Deployment>(paths.deployment(namespace, name));
    if (deployment === undefined) throw new RolloutFailure(`${subject} is not there`);
    const status = deploymentStatus(deployment);
    if (status.done) return { done: true, value: deployment };
    const pods = await podsOf(cluster, deployment);
    const trouble = pods.map(podTrouble).find((text) => text !== undefined);
    const message = trouble === undefined ? status.message : `${status.message}; ${trouble}`;
    if (status.failed) throw new RolloutFailure(`${subject}: ${message}`);
    return { done: false, message };
  });
}
