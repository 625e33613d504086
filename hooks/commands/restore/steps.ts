import { valueOf } from '../../core/known.ts';
import type { RestoreCronJob } from '../../core/backup/restore-job.ts';
import type { Deployment, PersistentVolumeClaim, Pod } from '../../core/objects.ts';
import { podTrouble } from '../../core/pod-trouble.ts';
import { jobEnd, restoreJob, restoreJobName, type JobEnd, type RestoreJob } from '../../core/restore/job.ts';
import { startedAgain, stopped, type RestoreNote } from '../../core/restore/note.ts';
import type { StatusFacts } from '../../core/status-view/facts.ts';
import { speakerOf } from '../../core/watch/scene.ts';
import { isKnownState } from '../../core/watch/situation.ts';
import type { Cluster } from '../../io/cluster.ts';
import { paths } from '../../io/paths.ts';
import { podsOf } from '../../io/pods.ts';
import { waitFor } from '../../io/wait.ts';
import { lookOnce, type LookTools } from '../look.ts';
import { waitOf, type Session } from '../session.ts';
import type { RestoreClaim } from './claim.ts';

/** What the steps of a restore work with. */
export interface StepTools extends LookTools, Pick<Session, 'output'> {
  cluster: Cluster;
  lastCluster: () => Cluster;
}

/** How long a Coordinator that was started may take to answer. */
const startMilliseconds = 120_000;

/** Somebody else starts the Coordinator while it has to stay stopped. */
export class RestartedError extends Error {
  override readonly name = 'RestartedError';
}

/** Stops the Coordinator, notes on its Deployment how to go on, and waits until its pods are gone. */
export async function stopCoordinator(
  tools: StepTools,
  { namespace, deployment }: StatusFacts,
  note: RestoreNote,
): Promise<void> {
  const { cluster } = tools;
  const path = paths.deployment(namespace, deployment.metadata.name);
  await cluster.patch(path, 'merge', stopped(note, deployment));
  await waitFor(waitOf(tools), 'the Coordinator', async () => {
    await refuseRestart(cluster, deployment);
    const [pod] = await podsOf(cluster, deployment);
    return pod === undefined
      ? { done: true, value: undefined }
      : { done: false, message: `pod/${pod.metadata.name} still runs` };
  });
}

async function refuseRestart(cluster: Cluster, { metadata }: Deployment): Promise<void> {
  const now = await cluster.get<Deployment>(paths.deployment(metadata.namespace ?? '', metadata.name));
  const replicas = now?.spec.replicas ?? 1;
  if (replicas === 0) return;
  throw new RestartedError(`somebody set the replica count of the Coordinator back to ${replicas}`);
}

/** Makes the claim again if it is gone; one that is on its way out is waited for. */
export async function makeClaim(
  tools: StepTools,
  namespace: string,
  { name, there, rendered }: RestoreClaim,
): Promise<void> {
  if (there) return;
  const { cluster } = tools;
  await waitFor(waitOf(tools), `persistentvolumeclaim/${name}`, async () => {
    const found = await cluster.get<PersistentVolumeClaim>(paths.claim(namespace, name));
    if (found?.metadata.deletionTimestamp !== undefined) return { done: false, message: 'is on its way out' };
    if (found === undefined) await cluster.create(paths.claims(namespace), rendered ?? {});
    return { done: true, value: undefined };
  });
}

/** Background deletion would let go of a Job whose pod still writes. */
const withItsPods = { propagationPolicy: 'Foreground' };

/** Runs the Job that puts the copy back, and removes it again; one that an earlier command has left goes first. */
export async function runJob(
  tools: StepTools,
  { namespace, deployment }: StatusFacts,
  cronJob: RestoreCronJob,
  note: RestoreNote,
): Promise<JobEnd> {
  const { cluster } = tools;
  const path = paths.job(namespace, restoreJobName);
  await removeJob(tools, namespace);
  let end: JobEnd;
  try {
    await cluster.create(paths.jobs(namespace), restoreJob(cronJob, note));
    end = await waitFor(waitOf(tools), `job/${restoreJobName}`, async () => {
      await refuseRestart(cluster, deployment);
      const now = jobEnd(await cluster.get<RestoreJob>(path), await podOfJob(cluster, namespace));
      return typeof now === 'string' ? { done: false, message: now } : { done: true, value: now };
    });
  } finally {
    await tools
      .lastCluster()
      .delete(path, withItsPods)
      .catch((error: unknown) => {
        tools.output.progress(`${path} is left over: ${(error as Error).message}`);
      });
  }
  // While its pod is there none of the Coordinator's is scheduled, and the scheduler does not soon try again.
  await removeJob(tools, namespace);
  return end;
}

/** Removes the Job and waits until its pod is gone, too, so that no two of them write at a time. */
async function removeJob(tools: StepTools, namespace: string): Promise<void> {
  const { cluster } = tools;
  const path = paths.job(namespace, restoreJobName);
  await waitFor(waitOf(tools), `job/${restoreJobName}`, async () => {
    const [job, pod] = [await cluster.get<RestoreJob>(path), await podOfJob(cluster, namespace)];
    if (job === undefined && pod === undefined) return { done: true, value: undefined };
    if (job !== undefined && job.metadata.deletionTimestamp === undefined) {
      await cluster.delete(path, withItsPods);
    }
    return { done: false, message: 'it is on its way out' };
  });
}

async function podOfJob(cluster: Cluster, namespace: string): Promise<Pod | undefined> {
  const pods = await cluster.list<Pod>(paths.pods(namespace), {
    labelSelector: `job-name=${restoreJobName}`,
  });
  return pods[0];
}

/** Starts as many Coordinators as there were, and answers the state that they come up in; undefined where they say nothing in time. */
export async function startCoordinator(
  tools: StepTools,
  { namespace, deployment }: StatusFacts,
  note: RestoreNote,
): Promise<number | undefined> {
  const { cluster, clock } = tools;
  await cluster.patch(paths.deployment(namespace, deployment.metadata.name), 'merge', startedAgain(note));
  const until = clock.now() + startMilliseconds;
  return await waitFor<number | undefined>(waitOf(tools), 'the Coordinator', async () => {
    const facts = await lookOnce(tools);
    const state = speakerOf(facts)?.coordinator.state;
    if (state !== undefined && isKnownState(state)) return { done: true, value: state };
    if (clock.now() >= until) return { done: true, value: undefined };
    return { done: false, message: whySilent(facts) };
  });
}

function whySilent({ pods, answers }: StatusFacts): string {
  const trouble = (valueOf(pods) ?? []).map(podTrouble).find((text) => text !== undefined);
  const [why] = answers.flatMap((answer) => (answer.known ? [] : [answer.why]));
  return trouble ?? why ?? 'is starting';
}
