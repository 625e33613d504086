import { isGoingOn, rollJobName, type Job } from '../detach.ts';
import { valueOf } from '../known.ts';
import type { Report } from '../report.ts';
import { workloadLines } from '../roll/report.ts';
import type { StatusFacts } from './facts.ts';
import { decisionsOf } from './marbles.ts';
import type { Verdict } from './verdict.ts';
import { notKnown, plain, type Row, type Section } from './rows.ts';

/** The Job that rolls the Marbles where the hook does not, and its report; no row where there is no such Job. */
export function rollSection(facts: StatusFacts): Section {
  const { roll } = facts;
  const title = 'Detached roll';
  if (!roll.known) return { title, rows: [notKnown(name, roll.why)] };
  return {
    title,
    rows: roll.value === undefined ? [] : [ofJob(facts, roll.value), ...ofReport(facts, roll.value)],
  };
}

const name = `job/${rollJobName}`;

function ofJob(facts: StatusFacts, job: Job): Row {
  if (isGoingOn(job)) return plain(name, `is running; ${progress(facts)}`);
  const failure = failureOf(job);
  if (failure === undefined) return { name, value: 'is done', mark: 'good' };
  const past = isPast(facts, job) ? '; a rollout has ended well since' : '';
  return {
    name,
    value: `failed: ${failure.message ?? failure.reason ?? 'no reason'}${past}`,
    mark: past === '' ? 'bad' : 'plain',
  };
}

function progress(facts: StatusFacts): string {
  const decisions = decisionsOf(facts);
  if (decisions === undefined) return 'the Coordinator accepts no Marbles, so that it restarts none';
  const members = decisions.filter(({ action }) => action !== 'skip');
  const done = members.filter(({ action, unfinished }) => action === 'keep' && !unfinished);
  return `${done.length} of ${members.length} workloads are up to date`;
}

/** While the Job runs, the report is that of the hook that started it, or of an earlier roll. */
function ofReport({ report }: StatusFacts, job: Job): Row[] {
  if (isGoingOn(job)) return [];
  if (!report.known) return [notKnown('Report', report.why)];
  if (report.value === undefined) return [plain('Report', 'none')];
  const { facts, findings } = report.value;
  const total = facts.find((fact) => fact.name === 'Marbles')?.value;
  return [
    ...(total === undefined ? [] : [plain('Report', total)]),
    ...workloadLines(report.value.workloads ?? []).map((line) => plain('', line)),
    ...findings
      .filter(({ severity }) => severity !== 'info')
      .map(({ severity, code, message }): Row => ({
        name: code,
        value: message,
        mark: severity === 'block' ? 'bad' : 'plain',
      })),
  ];
}

/** What a failed roll comes to, unless a later rollout has ended well. */
export function failedRoll(facts: StatusFacts): Verdict | undefined {
  const job = valueOf(facts.roll);
  const failure = job === undefined ? undefined : failureOf(job);
  if (job === undefined || failure === undefined || isPast(facts, job)) return undefined;
  return {
    outcome: 'blocked',
    verdict: `The Coordinator accepts Marbles (state 3), but the roll of the Marbles failed: ${failure.message ?? failure.reason ?? 'no reason'}.`,
    next: remedies(facts.namespace, valueOf(facts.report)),
  };
}

function remedies(namespace: string, report: Report | undefined): string[] {
  const told = report?.findings.filter(({ severity }) => severity === 'block') ?? [];
  const steps = told.flatMap(({ remedy }) => remedy.split('\n')).filter((line) => line !== '');
  return steps.length > 0
    ? steps
    : [
        `See why: kubectl -n ${namespace} logs ${name}`,
        'Then run your last helm upgrade again: it restarts nothing twice.',
      ];
}

function failureOf({
  status,
}: Job): NonNullable<NonNullable<Job['status']>['conditions']>[number] | undefined {
  return status?.conditions?.find((condition) => condition.type === 'Failed' && condition.status === 'True');
}

/** A record is written by a rollout that ended well, and never by a roll that failed. */
function isPast({ record }: StatusFacts, job: Job): boolean {
  const failedAt = failureOf(job)?.lastTransitionTime;
  const written = valueOf(record)?.time;
  return failedAt !== undefined && written !== undefined && written > failedAt;
}
