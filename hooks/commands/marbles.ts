import type { Finding } from '../core/findings.ts';
import {
  decideMarbles,
  startKey,
  startKeyOfPod,
  type MarbleDecision,
  type MarbleWorkload,
  type StartConditions,
} from '../core/marbles.ts';
import { objectName } from '../core/objects.ts';
import type { RolloutRecord } from '../core/record.ts';
import type { ReportFact } from '../core/report.ts';
import { findMarbles, restartMarble } from '../io/marbles.ts';
import { deploymentRolledOut } from './deployment-wait.ts';
import { isExpected } from './failure.ts';
import type { Session } from './session.ts';

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
  const { restart: mode, maxConcurrent, namespaces } = files.settings.rollout;
  const key = mode === 'always' ? startKeyOfPod(conditions, coordinatorPod) : startKey(conditions);
  const workloads = await findMarbles(cluster, { namespaces, mesh: files.settings.release.namespace });
  const decisions = decideMarbles(workloads, conditions, record, { mode, key });
  const queue = decisions.filter(({ action }) => action === 'restart');
  const actions: string[] = [];
  const failures: Finding[] = [];
  const worker = async (): Promise<void> => {
    while (failures.length === 0) {
      const next = queue.shift();
      if (next === undefined) return;
      output.progress(`Restarting ${nameOf(next.workload)}: ${next.reason}`);
      const failure = await restartOne(session, next, key);
      if (failure === undefined) actions.push(`restarted ${nameOf(next.workload)}: ${next.reason}`);
      else failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxConcurrent, queue.length) }, worker));
  const left = queue.map((each) => ({ ...each, reason: `${each.reason}, but an earlier restart failed` }));
  const skipped = [...decisions.filter(({ action }) => action === 'skip'), ...left];
  const kept = decisions.filter(({ action }) => action === 'keep').length;
  const value = `${decisions.length} found, ${actions.length} restarted, ${kept} left running as they are`;
  return {
    findings: [...skipped.map(notRestarted), ...failures],
    actions,
    lines: [{ name: 'Marbles', value }],
    startedUnder: skipped.length === 0 ? key : undefined,
  };
}

async function restartOne(
  session: Session,
  { workload }: MarbleDecision,
  key: string,
): Promise<Finding | undefined> {
  try {
    await restartMarble(session.cluster, workload, key);
    await deploymentRolledOut(session, workload.namespace, workload.name);
    return undefined;
  } catch (error) {
    if (!isExpected(error)) throw error;
    return {
      code: 'marble-restart-failed',
      severity: 'block',
      subject: nameOf(workload),
      message: `${error.message.replace(/\.$/, '')}. No further Marble was restarted after it.`,
      remedy: `Look at it with: kubectl -n ${workload.namespace} describe pods. Then run the same helm command again; what is done is not done twice.`,
    };
  }
}

function notRestarted({ workload, reason }: MarbleDecision): Finding {
  return {
    code: 'marble-not-restarted',
    severity: 'warn',
    subject: nameOf(workload),
    message: `It needs a restart but was left alone: ${reason}.`,
    remedy: `Restart it when it suits: kubectl -n ${workload.namespace} rollout restart deployment ${workload.name}`,
  };
}

function nameOf(workload: MarbleWorkload): string {
  return objectName('deployment', workload);
}
