import type { Pod } from '../core/objects.ts';
import { podTrouble } from '../core/pod-trouble.ts';
import { ClusterError } from '../io/cluster-error.ts';
import { paths } from '../io/paths.ts';
import { waitFor, type Look } from '../io/wait.ts';
import { waitOf, type Session } from './session.ts';

/** What it takes to have a pod copy the sealed state. */
export type CopyTools = Pick<Session, 'cluster' | 'clock' | 'output' | 'signal' | 'reportingCluster'>;

/** The pod's termination message, or why there is none. */
export type End = { message: string } | { why: string };

/** The pod ends within a second or two; looking oftener than usual is what makes an upgrade no longer than that. */
const pauseMilliseconds = 200;

/**
 * Starts the pod, waits for its end for `budgetMilliseconds` at most, and removes it, even when the command is being stopped.
 * One of its name that an earlier, killed command has left is replaced. Rejects with a ClusterError or DeadlineError.
 */
export async function endOf(tools: CopyTools, pod: Pod, budgetMilliseconds: number): Promise<End> {
  const path = paths.pod(pod.metadata.namespace ?? '', pod.metadata.name);
  try {
    return await ended(tools, pod, path, budgetMilliseconds);
  } finally {
    // Its rights go with the command, so the pod does too.
    await tools
      .reportingCluster()
      .delete(path)
      .catch((error: unknown) => {
        tools.output.progress(`${path} is left over: ${(error as Error).message}`);
      });
  }
}

async function ended(tools: CopyTools, pod: Pod, path: string, budget: number): Promise<End> {
  const { cluster, clock } = tools;
  const { name } = pod.metadata;
  const until = clock.now() + budget;
  let uid: string | undefined;
  const look = async (): Promise<Look<End>> => {
    const found = await cluster.get<Pod>(path);
    if (uid === undefined) {
      if (found === undefined) uid = await start(tools, pod);
      else if (found.metadata.deletionTimestamp === undefined) await cluster.delete(path);
      return { done: false, message: found === undefined ? 'starting' : 'an old one is on its way out' };
    }
    return lookAt(name, (found?.metadata.uid ?? '') === uid ? found : undefined);
  };
  return await waitFor({ ...waitOf(tools), pauseMilliseconds }, `pod/${name}`, async () => {
    const result = await look();
    if (result.done || clock.now() < until) return result;
    const why = `the pod ${name} did not end within ${Math.round(budget / 1000)} s (${result.message})`;
    return { done: true, value: { why } };
  });
}

async function start({ cluster }: CopyTools, pod: Pod): Promise<string | undefined> {
  try {
    const made = await cluster.create<Pod>(paths.pods(pod.metadata.namespace), pod);
    return made.metadata.uid ?? '';
  } catch (error) {
    // The old one has not gone yet, or another pod of the same Job was faster; the next look removes that.
    if (error instanceof ClusterError && error.kind === 'conflict') return undefined;
    throw error;
  }
}

function lookAt(name: string, pod: Pod | undefined): Look<End> {
  if (pod === undefined) return { done: true, value: { why: `somebody deleted the pod ${name}` } };
  const { phase = 'Pending', containerStatuses } = pod.status ?? {};
  if (phase !== 'Succeeded' && phase !== 'Failed') {
    return { done: false, message: podTrouble(pod) ?? `phase ${phase}` };
  }
  const message = containerStatuses?.[0]?.state?.terminated?.message;
  return { done: true, value: { message: message ?? podTrouble(pod) ?? `phase ${phase}` } };
}
