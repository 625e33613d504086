import type { Finding } from '../core/findings.ts';
import { restartByHand } from '../core/marbles/by-hand.ts';
import { startKey, startKeyOfPod, type StartConditions } from '../core/marbles/conditions.ts';
import { decideMarbles, type MarbleDecision } from '../core/marbles/decision.ts';
import { leftAlone, looseDue, unknownMarbles, waveFindings } from '../core/marbles/left-alone.ts';
import { workloadName } from '../core/marbles/workload.ts';
import type { RolloutRecord } from '../core/record.ts';
import type { ReportFact } from '../core/report.ts';
import type { Member } from '../core/roll/member.ts';
import { reportedWorkloads, totals, type ReportedWorkload } from '../core/roll/report.ts';
import { inOrder } from '../core/roll/schedule.ts';
import { findMarbles } from '../io/marbles.ts';
import { roll } from './roll/roll.ts';
import type { Session } from './session.ts';

/** What became of the Marbles. */
export interface RolledMarbles {
  findings: Finding[];
  actions: string[];
  lines: ReportFact[];
  workloads: ReportedWorkload[];
  /** What the record says from now on; undefined while a workload still waits for its restart. */
  startedUnder: string | undefined;
}

/** Finds the Marbles, restarts those that need it, and sees through those that an earlier run has restarted. */
export async function rollMarbles(
  session: Session,
  conditions: StartConditions,
  record: RolloutRecord | undefined,
  coordinatorPod: string,
): Promise<RolledMarbles> {
  const { cluster, files, clock } = session;
  const { restart: mode, namespaces, onDelete } = files.settings.rollout;
  const key = mode === 'always' ? startKeyOfPod(conditions, coordinatorPod) : startKey(conditions);
  const found = await findMarbles(cluster, { namespaces, mesh: files.settings.release.namespace });
  const decisions = decideMarbles(found.workloads, conditions, record, { mode, key, onDelete });
  const members = inOrder(decisions.filter(isOfTheRoll).map(memberOf));
  const others = decisions.filter((decision) => !isOfTheRoll(decision));
  const began = clock.now();
  const findings = members.length === 0 ? [] : await roll(session, { members, conditions, key });
  const now = clock.now();
  const workloads = reportedWorkloads(members, others, now);
  const owed = decisions.filter(({ due }) => due);
  return {
    findings: [
      ...unknownMarbles(found.unknown),
      ...waveFindings(found.workloads),
      ...leftAlone(
        decisions.filter(({ due }) => !due),
        looseDue(found, conditions, record),
      ),
      ...owed.map(notRestarted),
      ...findings,
    ],
    actions: actionsOf(workloads),
    lines: [{ name: 'Marbles', value: totals(workloads, (now - began) / 1000) }],
    workloads,
    startedUnder: owed.length + found.unknown.length === 0 ? key : undefined,
  };
}

/** Those that start again, and those that an earlier run has restarted and that are not done yet. */
function isOfTheRoll({ action, unfinished }: MarbleDecision): boolean {
  return action === 'restart' || unfinished;
}

function memberOf({ workload, unfinished, reason }: MarbleDecision): Member {
  const { kind, namespace, name, wave, podLabels, strategy, status } = workload;
  const target = { kind, namespace, name, wave, podLabels, evict: strategy === 'OnDelete' };
  return { target, reason, followed: unfinished, before: status.message, phase: 'waiting' };
}

function actionsOf(workloads: readonly ReportedWorkload[]): string[] {
  const restarted = workloads.filter(({ outcome }) => outcome === 'restarted').length;
  if (restarted === 0) return [];
  return [`restarted ${restarted} Marble workload${restarted === 1 ? '' : 's'}`];
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
