import type { Finding } from '../core/findings.ts';
import type { Outcome, Report } from '../core/report.ts';
import { ClusterError } from '../io/cluster-error.ts';
import { DeadlineError } from '../io/wait.ts';
import { RolloutFailure } from './deployment-wait.ts';

type ExpectedError = ClusterError | DeadlineError | RolloutFailure;

/** Whether an error is one that the world brings about, rather than a mistake in this program. */
export function isExpected(error: unknown): error is ExpectedError {
  return error instanceof ClusterError || error instanceof DeadlineError || error instanceof RolloutFailure;
}

/** The report of a command that an error ended. What it had done by then is named, and safe to do again. */
export function failureReport(
  command: Report['command'],
  programVersion: string,
  error: ExpectedError,
  actions: readonly string[] = [],
): Report {
  const { code, outcome, remedy } = meaning(command, error);
  const finding: Finding = {
    code,
    severity: 'block',
    subject: command === 'recover' ? 'the recovery' : `the ${command}`,
    message: error.message,
    remedy,
  };
  const findings = [finding];
  return { schemaVersion: 1, command, programVersion, outcome, facts: [], findings, actions: [...actions] };
}

function meaning(
  command: Report['command'],
  error: ExpectedError,
): { code: Finding['code']; outcome: Outcome; remedy: string } {
  const byHand = command === 'recover';
  const again = `run the same ${byHand ? '' : 'helm '}command again; what is done is not done twice.`;
  if (error instanceof RolloutFailure) {
    return { code: 'rollout-incomplete', outcome: 'blocked', remedy: `Mend it, then ${again}` };
  }
  if (error instanceof DeadlineError) {
    return { code: 'rollout-incomplete', outcome: 'unknown', remedy: `See what it waits for, then ${again}` };
  }
  if (byHand && error.kind === 'unauthorized') {
    return { code: 'rights-missing', outcome: 'unknown', remedy: `Log in to the cluster, then ${again}` };
  }
  if (error.kind === 'forbidden' || error.kind === 'unauthorized') {
    const remedy = byHand
      ? `Ask for the right, then ${again}`
      : `Give the hook's ServiceAccount the right (the chart renders them all), then ${again}`;
    return { code: 'rights-missing', outcome: 'unknown', remedy };
  }
  if (error.kind === 'untrusted') {
    const remedy = byHand
      ? `Take the kubeconfig of the cluster as it is now: it may have been made anew. Then ${again}`
      : `See why the API server's certificate does not fit the cluster's authority, then ${again}`;
    return { code: 'cluster-unreachable', outcome: 'unknown', remedy };
  }
  if (error.temporary) {
    return {
      code: 'cluster-unreachable',
      outcome: 'unknown',
      remedy: `When the API server answers, ${again}`,
    };
  }
  return {
    code: 'request-refused',
    outcome: 'unknown',
    remedy: `See what the API server says, then ${again}`,
  };
}
