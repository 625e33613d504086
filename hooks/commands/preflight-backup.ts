import { backupName } from '../core/backup/copy.ts';
import { backupSkipped, outcomeFindings, outcomeSentence, readOutcome } from '../core/backup/outcome.ts';
import { planBackup, type BackupOrder } from '../core/backup/plan.ts';
import { backupPod } from '../core/backup/pod.ts';
import type { PreflightFacts } from '../core/facts.ts';
import type { Finding } from '../core/findings.ts';
import type { Pod } from '../core/objects.ts';
import { podTrouble } from '../core/pod-trouble.ts';
import { ClusterError } from '../io/cluster-error.ts';
import { paths } from '../io/paths.ts';
import { waitFor, type Look } from '../io/wait.ts';
import { waitOf, type Session } from './session.ts';

/** What came of the copy: sentences for the report, and findings where a person should know. */
export interface BackupResult {
  sentences: string[];
  findings: Finding[];
}

/** The most that a pod may take which has to pull its image first. */
const longestBudgetMilliseconds = 60_000;
/** The pod ends within a second or two; looking oftener than usual is what makes an upgrade no longer than that. */
const pauseMilliseconds = 200;

/**
 * Has the sealed state copied by a pod on its node, and removes the pod again. What keeps it from that is a finding,
 * never an error: the upgrade does not need the copy. It takes a third of the hook's time at most.
 */
export async function backUp(session: Session, facts: PreflightFacts): Promise<BackupResult> {
  const plan = planBackup(facts);
  const { namespace } = facts.settings.release;
  if (plan.kind === 'none') return { sentences: [], findings: [] };
  if (plan.kind === 'impossible') return { sentences: [], findings: [backupSkipped(plan.why, namespace)] };
  const path = paths.pod(namespace, backupName);
  try {
    return resultOf(await ended(session, facts, plan.order), namespace);
  } catch (error) {
    if (!(error instanceof ClusterError) || session.signal.aborted) throw error;
    return { sentences: [], findings: [backupSkipped(error.message, namespace)] };
  } finally {
    // Its rights go with the hook, so the pod does too, even when the hook is being stopped.
    await session
      .reportingCluster()
      .delete(path)
      .catch((error: unknown) => {
        session.output.progress(`${path} is left over: ${(error as Error).message}`);
      });
  }
}

/** The pod's termination message, or why there is none. */
type End = { message: string } | { why: string };

function resultOf(end: End, namespace: string): BackupResult {
  if ('why' in end) return { sentences: [], findings: [backupSkipped(end.why, namespace)] };
  const outcome = readOutcome(end.message);
  if (outcome === undefined) {
    const why = `the pod ${backupName} ended without saying what it did: ${end.message.slice(0, 300)}`;
    return { sentences: [], findings: [backupSkipped(why, namespace)] };
  }
  const sentence = outcomeSentence(outcome);
  return {
    sentences: sentence === undefined ? [] : [sentence],
    findings: outcomeFindings(outcome, namespace),
  };
}

/** Starts the pod and waits for its end. One that an earlier, killed hook has left is replaced. */
async function ended(session: Session, { settings, live }: PreflightFacts, order: BackupOrder): Promise<End> {
  const { cluster, clock, files } = session;
  const { namespace } = settings.release;
  const path = paths.pod(namespace, backupName);
  if (files.backup === undefined) return { why: 'the chart gave no pod for it' };
  const owner = { name: settings.coordinator.deployment, uid: live?.metadata.uid ?? '' };
  const pod = backupPod(files.backup, order, owner);
  const budget = Math.min(longestBudgetMilliseconds, (settings.hooks.deadlineSeconds * 1000) / 3);
  const until = clock.now() + budget;
  let uid: string | undefined;
  const look = async (): Promise<Look<End>> => {
    const found = await cluster.get<Pod>(path);
    if (uid === undefined) {
      if (found === undefined) uid = await start(session, namespace, pod);
      else if (found.metadata.deletionTimestamp === undefined) await cluster.delete(path);
      return { done: false, message: found === undefined ? 'starting' : 'an old one is on its way out' };
    }
    return lookAt((found?.metadata.uid ?? '') === uid ? found : undefined);
  };
  return await waitFor({ ...waitOf(session), pauseMilliseconds }, `pod/${backupName}`, async () => {
    const result = await look();
    if (result.done || clock.now() < until) return result;
    const why = `the pod ${backupName} did not end within ${Math.round(budget / 1000)} s (${result.message})`;
    return { done: true, value: { why } };
  });
}

async function start(session: Session, namespace: string, pod: Pod): Promise<string | undefined> {
  try {
    return (await session.cluster.create<Pod>(paths.pods(namespace), pod)).metadata.uid ?? '';
  } catch (error) {
    // The old one has not gone yet, or another pod of the same Job was faster; the next look removes that.
    if (error instanceof ClusterError && error.kind === 'conflict') return undefined;
    throw error;
  }
}

function lookAt(pod: Pod | undefined): Look<End> {
  if (pod === undefined) return { done: true, value: { why: `somebody deleted the pod ${backupName}` } };
  const { phase = 'Pending', containerStatuses } = pod.status ?? {};
  if (phase !== 'Succeeded' && phase !== 'Failed') {
    return { done: false, message: podTrouble(pod) ?? `phase ${phase}` };
  }
  const message = containerStatuses?.[0]?.state?.terminated?.message;
  return { done: true, value: { message: message ?? podTrouble(pod) ?? `phase ${phase}` } };
}
