import { isGoingOn, rollJobName, rolloutJobName, type Job } from '../detach.ts';
import { valueOf } from '../known.ts';
import type { Report } from '../report.ts';
import { workloadLines } from '../roll/report.ts';
import type { StatusFacts } from './facts.ts';
import { decisionsOf } from './marbles.ts';
import type { Verdict } from './verdict.ts';
import { notKnown, plain, type Row, type Section } from './rows.ts';

/** The Job of the rollout hook, which is there while it runs and after it has failed; no row where there is none. */
export function hookSection(facts: StatusFacts): Section {
  const { rollouts } = facts;
  const hook = valueOf(rollouts)?.hook;
  return { title: 'Rollout hook', rows: hook === undefined ? [] : [ofJob(facts, hook, rolloutJobName)] };
}

/** The Job that rolls the Marbles where the hook does not, and its report; no row where there is no such Job. */
export function rollSection(facts: StatusFacts): Section {
  const { rollouts } = facts;
  const title = 'Detached roll';
  if (!rollouts.known) return { title, rows: [notKnown(`job/${rollJobName}`, rollouts.why)] };
  const { roll } = rollouts.value;
  return {
    title,
    rows: roll === undefined ? [] : [ofJob(facts, roll, rollJobName), ...ofReport(facts, roll)],
  };
}

function ofJob(facts: StatusFacts, job: Job, jobName: string): Row {
  const name = `job/${jobName}`;
  if (isGoingOn(job)) return plain(name, `is running; ${progress(facts)}`);
  const failure = failureOf(job);
  if (failure === undefined) return { name, value: 'is done', mark: 'good' };
  const past = isPast(facts, job) ? '; a rollout has ended well since' : '';
  return { name, value: `failed: ${reasonOf(failure)}${past}`, mark: past === '' ? 'bad' : 'plain' };
}

function reasonOf({ message, reason }: Failure): string {
  return message ?? reason ?? 'no reason';
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

/** What a failed rollout comes to, unless one goes on with it, or a later one has ended well. */
export function failedRollout(facts: StatusFacts): Verdict | undefined {
  const { hook, roll } = valueOf(facts.rollouts) ?? {};
  if ([hook, roll].some((job) => job !== undefined && isGoingOn(job))) return undefined;
  const accepts = 'The Coordinator accepts Marbles (state 3), but';
  const failed = (job: Job | undefined): Failure | undefined =>
    job === undefined || isPast(facts, job) ? undefined : failureOf(job);
  // The hook is the later one of the two: it makes the other anew.
  const ofHook = failed(hook);
  if (ofHook !== undefined) {
    return {
      outcome: 'blocked',
      verdict: `${accepts} the last rollout failed, and none has ended well since: ${reasonOf(ofHook)}.`,
      next: whyAndAgain(facts.namespace, rolloutJobName),
    };
  }
  const ofRoll = failed(roll);
  if (ofRoll === undefined) return undefined;
  return {
    outcome: 'blocked',
    verdict: `${accepts} the roll of the Marbles failed: ${reasonOf(ofRoll)}.`,
    next: remedies(facts.namespace, valueOf(facts.report)),
  };
}

function remedies(namespace: string, report: Report | undefined): string[] {
  const told = report?.findings.filter(({ severity }) => severity === 'block') ?? [];
  const steps = told.flatMap(({ remedy }) => remedy.split('\n')).filter((line) => line !== '');
  return steps.length > 0 ? steps : whyAndAgain(namespace, rollJobName);
}

function whyAndAgain(namespace: string, jobName: string): string[] {
  return [
    `See why: kubectl -n ${namespace} logs job/${jobName}`,
    'Then run your last helm upgrade again: it restarts nothing twice.',
  ];
}

type Failure = NonNullable<NonNullable<Job['status']>['conditions']>[number];

function failureOf({ status }: Job): Failure | undefined {
  return status?.conditions?.find((condition) => condition.type === 'Failed' && condition.status === 'True');
}

/** Only the time of a rollout that ended well counts: the record is written for other reasons, too. */
function isPast({ record }: StatusFacts, job: Job): boolean {
  const failedAt = failureOf(job)?.lastTransitionTime;
  const completed = valueOf(record)?.completed;
  return failedAt !== undefined && completed !== undefined && completed > failedAt;
}
