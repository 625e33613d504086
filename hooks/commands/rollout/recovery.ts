import type { Deployment, Pod } from '../../core/objects.ts';
import { unknown } from '../../core/known.ts';
import { missingParties, severalParties } from '../../core/recovery/missing.ts';
import { recoverySteps, recoveryTarget } from '../../core/recovery/steps.ts';
import type { RolloutRecord } from '../../core/record.ts';
import { CoordinatorState, stateName } from '../../core/states.ts';
import { followUploads } from '../../io/uploads.ts';
import { waitFor } from '../../io/wait.ts';
import { tell, waitOf, type Session } from '../session.ts';
import { askCurrentPods, type Answer } from './coordinator.ts';

/** Each look costs the API server up to two requests, and people are slower than that. */
const pauseMilliseconds = 2000;

/** How a wait for a recovery ended: the Coordinator left state 1, or the time was up while it was in it. */
export type Recovery = { left: true } | { left: false; answer: Answer; why: string };

/**
 * Waits until the Coordinator is no longer in state 1, whichever of its pods that is by then, and says how far it is.
 * What it is in afterwards is for the caller to judge. Changes nothing.
 */
export async function awaitRecovery(
  session: Session,
  deployment: Deployment,
  first: Answer,
  record: RolloutRecord | undefined,
): Promise<Recovery> {
  let last = first;
  const describe = describer(session, deployment, record);
  const look = async () => {
    const asked = await askCurrentPods(session, deployment);
    if (!asked.done) return asked;
    if (asked.value.coordinator.state !== CoordinatorState.Recovery) {
      return { done: true as const, value: undefined };
    }
    last = asked.value;
    return { done: false as const, message: await describe(last.pod) };
  };
  try {
    await waitFor({ ...waitOf(session), pauseMilliseconds }, 'Recovery', look);
    return { left: true };
  } catch (error) {
    if (!session.signal.aborted) throw error;
    return { left: false, answer: last, why: (error as Error).message };
  }
}

/** Says where the recovery is; for each new pod first the commands, which name it. */
function describer(
  session: Session,
  deployment: Deployment,
  record: RolloutRecord | undefined,
): (pod: Pod) => Promise<string> {
  const { cluster, clock, files } = session;
  const { container, version } = files.settings.coordinator;
  const lookAtUploads = followUploads(cluster, clock, container);
  const keys = record?.recoveryKeys;
  let announced = '';
  return async (pod) => {
    const { name } = pod.metadata;
    if (name !== announced) {
      announced = name;
      await announce(session, deployment, pod, record);
    }
    const uploads = severalParties(version, keys) ? await lookAtUploads(pod) : unknown('it was not asked');
    const missing = missingParties(version, keys, uploads);
    return `pod/${name} on ${pod.spec.nodeName ?? 'no node'} is in state ${stateName(CoordinatorState.Recovery)}; ${missing}`;
  };
}

async function announce(
  session: Session,
  deployment: Deployment,
  pod: Pod,
  record: RolloutRecord | undefined,
): Promise<void> {
  const { files, output, cluster, job } = session;
  const { settings } = files;
  const target = recoveryTarget(settings, pod.metadata.name, record);
  output.progress(recoverySteps(target, '; the rollout then goes on by itself'));
  const log = job === undefined ? '' : ` kubectl -n ${target.namespace} logs job/${job} has the commands.`;
  await tell(session, cluster, deployment.metadata.uid, {
    type: 'Warning',
    reason: 'RolloutWaitsForRecovery',
    message: `The Coordinator in pod/${target.pod} is in state 1 (Recovery). The rollout waits until it is recovered, and restarts no Marble before. Do not set a Manifest.${log}`,
  });
}
