import type { Finding } from '../core/findings.ts';
import { restartByHand } from '../core/marbles/by-hand.ts';
import { startKey, startKeyOfPod, type StartConditions } from '../core/marbles/conditions.ts';
import { decideMarbles, type MarbleDecision } from '../core/marbles/decision.ts';
import { leftAlone, looseDue, unknownMarbles, waveFindings } from '../core/marbles/left-alone.ts';
import { workloadName } from '../core/marbles/workload.ts';
import type { RolloutRecord } from '../core/record.ts';
import type { ReportFact } from '../core/report.ts';
import { findMarbles, restartMarble } from '../io/marbles.ts';
import { isExpected } from './failure.ts';
import type { Session } from './session.ts';
import { workloadRolledOut } from './workload-wait.ts';

/** What became of the Marbles. */
export interface RolledMarbles {
  findings: Finding[];
  actions: string[];
  lines: ReportFact[];
  /** What the record says from now on; undefined while a workload still waits for its restart. */
  startedUnder: string | undefined;
}

/**
 * Restarts the Marbles that need it, `maxConcurrent` at a time and each until it has truly rolled out. The first
 * failure starts no more; what was not started is named.
 */
export async function rollMarbles(
  session: Session,
  conditions: StartConditions,
  record: RolloutRecord | undefined,
  coordinatorPod: string,
): Promise<RolledMarbles> {
  const { cluster, files, output } = session;
  const { restart: mode, maxConcurrent, namespaces, onDelete } = files.settings.rollout;
  const key = mode === 'always' ? startKeyOfPod(conditions, coordinatorPod) : startKey(conditions);
  const found = await findMarbles(cluster, { namespaces, mesh: files.settings.release.namespace });
  const decisions = decideMarbles(found.workloads, conditions, record, { mode, key, onDelete });
  const queue = decisions.filter(({ action }) => action === 'restart');
  const actions: string[] = [];
  const failures: Finding[] = [];
  const worker = async (): Promise<void> => {
    while (failures.length === 0) {
      const next = queue.shift();
      if (next === undefined) return;
      output.progress(`Restarting ${workloadName(next.workload)}: ${next.reason}`);
      const failure = await restartOne(session, next, key);
      if (failure === undefined) actions.push(`restarted ${workloadName(next.workload)}: ${next.reason}`);
      else failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxConcurrent, queue.length) }, worker));
  const left = queue.map((each) => ({ ...each, reason: `${each.reason}, but an earlier restart failed` }));
  const skipped = [...decisions.filter(({ action }) => action === 'skip'), ...left];
  const kept = decisions.filter(({ action }) => action === 'keep').length;
  const value = `${decisions.length} found, ${actions.length} restarted, ${kept} left running as they are`;
  return {
    findings: [
      ...unknownMarbles(found.unknown),
      ...waveFindings(found.workloads),
      ...leftAlone([], looseDue(found, conditions, record)),
      ...skipped.map(notRestarted),
      ...failures,
    ],
    actions,
    lines: [{ name: 'Marbles', value }],
    startedUnder:
      left.length + found.unknown.length === 0 && !skipped.some(({ due }) => due) ? key : undefined,
  };
}

async function restartOne(
  session: Session,
  { workload }: MarbleDecision,
  key: string,
): Promise<Finding | undefined> {
  try {
    await restartMarble(session.cluster, workload, key);
    await workloadRolledOut(session, workload);
    return undefined;
  } catch (error) {
    if (!isExpected(error)) throw error;
    return {
      code: 'marble-restart-failed',
      severity: 'block',
      subject: workloadName(workload),
      message: `${error.message.replace(/\.$/, '')}. No further Marble was restarted after it.`,
      remedy: `Look at it with: kubectl -n ${workload.namespace} describe pods. Then run the same helm command again; what is done is not done twice.`,
    };
  }
}

function notRestarted({ workload, reason }: MarbleDecision): Finding {
  return {
    code: 'marble-not-restarted',
    severity: 'warn',
    subject: workloadName(workload),
    message: `It needs a restart but was left alone: ${reason}.`,
    remedy: restartByHand(workload),
  };
}
