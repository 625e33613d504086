import type { MarbleDecision } from '../marbles/decision.ts';
import { workloadName, type WorkloadKind } from '../marbles/workload.ts';
import { isInFlight, type Member } from './member.ts';
import { howFar } from './progress.ts';

/** What became of a workload (schemas/report.schema.json). */
export type WorkloadOutcome =
  'restarted' | 'finished' | 'kept' | 'skipped' | 'failed' | 'unfinished' | 'not-started' | 'gone';

/** One line of the report. */
export interface ReportedWorkload {
  kind: WorkloadKind;
  namespace: string;
  name: string;
  outcome: WorkloadOutcome;
  reason: string;
  before?: string;
  after?: string;
  seconds?: number;
}

/** Those of the roll in its order, then those that were left as they are. */
export function reportedWorkloads(
  members: readonly Member[],
  others: readonly MarbleDecision[],
  now: number,
): ReportedWorkload[] {
  return [
    ...members.map((member) => ofMember(member, now)),
    ...others.map(({ workload: { kind, namespace, name }, action, reason }): ReportedWorkload => {
      return { kind, namespace, name, outcome: action === 'keep' ? 'kept' : 'skipped', reason };
    }),
  ];
}

function ofMember(member: Member, now: number): ReportedWorkload {
  const { target, reason, before, failure, startedAt, endedAt = now } = member;
  const { kind, namespace, name } = target;
  const seconds = startedAt === undefined ? {} : { seconds: Math.round((endedAt - startedAt) / 100) / 10 };
  const after = failure ?? (startedAt === undefined ? (member.held ?? before) : howFar(member));
  return { kind, namespace, name, outcome: outcomeOf(member), reason, before, after, ...seconds };
}

function outcomeOf(member: Member): WorkloadOutcome {
  if (isInFlight(member)) return 'unfinished';
  switch (member.phase) {
    case 'done':
      return member.followed ? 'finished' : 'restarted';
    case 'failed':
    case 'gone':
      return member.phase;
    default:
      return 'not-started';
  }
}

/** The totals of a roll, in one line. */
export function totals(workloads: readonly ReportedWorkload[], seconds: number): string {
  const count = (...outcomes: WorkloadOutcome[]): number =>
    workloads.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const others: [string, number][] = [
    ['left alone', count('skipped', 'gone')],
    ['failed', count('failed')],
    ['unfinished', count('unfinished')],
    ['not started', count('not-started')],
  ];
  const restarted = count('restarted', 'finished');
  return [
    `${workloads.length} found`,
    `${restarted} restarted${restarted > 0 ? ` in ${Math.round(seconds)} s` : ''}`,
    `${count('kept')} left running as they are`,
    ...others.filter(([, number]) => number > 0).map(([name, number]) => `${number} ${name}`),
  ].join(', ');
}

/** One line for each workload that was to be restarted or was left alone; those that were kept are one line for each reason. */
export function workloadLines(workloads: readonly ReportedWorkload[]): string[] {
  const kept = Map.groupBy(
    workloads.filter(({ outcome }) => outcome === 'kept'),
    ({ reason }) => reason,
  );
  return [
    ...workloads.filter(({ outcome }) => outcome !== 'kept').map(line),
    ...[...kept].map(([reason, those]) => `${'kept'.padEnd(width)}  ${named(those)}: ${reason}`),
  ];
}

function named(workloads: readonly ReportedWorkload[]): string {
  const [first] = workloads;
  return workloads.length === 1 && first !== undefined
    ? workloadName(first)
    : `${workloads.length} workloads`;
}

const width = 'not-started'.length;

function line({ kind, namespace, name, outcome, reason, before, after, seconds }: ReportedWorkload): string {
  const time = seconds === undefined ? '' : ` in ${seconds} s`;
  const states = before === undefined ? '' : `: ${before} -> ${after ?? ''}`;
  return `${outcome.padEnd(width)}  ${workloadName({ kind, namespace, name })}${time}${states} (${reason})`;
}
