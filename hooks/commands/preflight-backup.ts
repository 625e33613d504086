import { backupName } from '../core/backup/copy.ts';
import { backupSkipped, outcomeFindings, outcomeSentence, readOutcome } from '../core/backup/outcome.ts';
import { planBackup, type BackupOrder } from '../core/backup/plan.ts';
import { backupPod } from '../core/backup/pod.ts';
import type { PreflightFacts } from '../core/facts.ts';
import type { Finding } from '../core/findings.ts';
import { ClusterError } from '../io/cluster-error.ts';
import { endOf, type End } from './copying-pod.ts';
import type { Session } from './session.ts';

/** What came of the copy: sentences for the report, and findings where a person should know. */
export interface BackupResult {
  sentences: string[];
  findings: Finding[];
}

/** The most that a pod may take which has to pull its image first. */
const longestBudgetMilliseconds = 60_000;

/**
 * Has the sealed state copied by a pod on its node, and removes the pod again. What keeps it from that is a finding,
 * never an error: the upgrade does not need the copy. It takes a third of the hook's time at most.
 */
export async function backUp(session: Session, facts: PreflightFacts): Promise<BackupResult> {
  const plan = planBackup(facts);
  const { namespace } = facts.settings.release;
  if (plan.kind === 'none') return { sentences: [], findings: [] };
  if (plan.kind === 'impossible') return { sentences: [], findings: [backupSkipped(plan.why, namespace)] };
  try {
    return resultOf(await ended(session, facts, plan.order), namespace);
  } catch (error) {
    if (!(error instanceof ClusterError) || session.signal.aborted) throw error;
    return { sentences: [], findings: [backupSkipped(error.message, namespace)] };
  }
}

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

async function ended(session: Session, { settings, live }: PreflightFacts, order: BackupOrder): Promise<End> {
  const { backup } = session.files;
  if (backup === undefined) return { why: 'the chart gave no pod for it' };
  const owner = { name: settings.coordinator.deployment, uid: live?.metadata.uid ?? '' };
  const budget = Math.min(longestBudgetMilliseconds, (settings.hooks.deadlineSeconds * 1000) / 3);
  return await endOf(session, backupPod(backup, order, owner), budget);
}
