import { reportKeys, reportName } from '../core/detach.ts';
import { type ExitCode } from '../core/exit-code.ts';
import { exitCodeOf, renderJson, renderSummary, renderText, type Report } from '../core/report.ts';
import type { Clock } from '../io/clock.ts';
import type { Cluster } from '../io/cluster.ts';
import { storeConfigMap } from '../io/config-map.ts';
import type { Coordinator } from '../io/coordinator.ts';
import { eventMessageLimit, writeEvent, type EventText } from '../io/events.ts';
import { terminationMessageLimit, type Output } from '../io/output.ts';
import type { HookFiles } from '../io/settings.ts';
import type { Wait } from '../io/wait.ts';

/** What a command works with. The whole outside world comes in here. */
export interface Session {
  files: HookFiles;
  cluster: Cluster;
  coordinatorAt: (url: string) => Coordinator;
  clock: Clock;
  output: Output;
  format: 'text' | 'json';
  programVersion: string;
  /** The Job that this runs in; undefined where a person runs it. */
  job: string | undefined;
  /** Whether it is the Job that a rollout hook has handed the Marbles to. */
  detached: boolean;
  /** What the running command has done so far, one sentence each: an error that ends it must not hide that. */
  done: string[];
  /** Ends every wait: the deadline, or a signal to stop. */
  signal: AbortSignal;
  /** A connection for the last word: it still works for a moment when the deadline has passed. */
  reportingCluster: () => Cluster;
}

/** The session as a wait needs it. */
export function waitOf({ clock, signal, output }: Pick<Session, 'clock' | 'signal' | 'output'>): Wait {
  return {
    clock,
    signal,
    progress: (line) => {
      output.progress(line);
    },
  };
}

/** Says a report everywhere it is looked for: stdout (Helm), termination message (kubectl describe), Event. */
export async function publish(
  session: Session,
  report: Report,
  deploymentUid: string | undefined,
): Promise<ExitCode> {
  const { output } = session;
  output.terminationMessage(renderSummary(report, terminationMessageLimit));
  if (report.command !== 'test') await note(session, report, deploymentUid);
  output.result(session.format === 'json' ? renderJson(report) : renderText(report));
  return exitCodeOf(report.outcome);
}

/** Leaves the report in the cluster: what a mere look finds is for whoever looked. */
async function note(session: Session, report: Report, deploymentUid: string | undefined): Promise<void> {
  await tell(session, session.reportingCluster(), deploymentUid, {
    type: report.outcome === 'passed' ? ('Normal' as const) : ('Warning' as const),
    reason: `${report.command === 'preflight' ? 'Preflight' : 'Rollout'}${reasons[report.outcome]}`,
    message: renderSummary(report, eventMessageLimit),
  });
  await keepReport(session, report);
}

/** Keeps the newest report of a rollout that may go on in a Job, where `kubectl` finds it when the pods are gone. */
async function keepReport(session: Session, report: Report): Promise<void> {
  const { release, rollout } = session.files.settings;
  if (report.command !== 'rollout' || !rollout.detach) return;
  const data = { [reportKeys.json]: renderJson(report), [reportKeys.text]: renderText(report) };
  const where = { namespace: release.namespace, name: reportName };
  await storeConfigMap(session.reportingCluster(), where, data).catch((error: unknown) => {
    session.output.progress(`No report was kept: ${(error as Error).message}`);
  });
}

/** Writes an Event on the Coordinator's Deployment. What it says is said elsewhere too, so that a failure is only noted. */
export async function tell(
  { files, clock, output }: Session,
  cluster: Cluster,
  deploymentUid: string | undefined,
  text: EventText,
): Promise<void> {
  const { release, coordinator } = files.settings;
  const about = { namespace: release.namespace, name: coordinator.deployment, uid: deploymentUid };
  await writeEvent(cluster, about, text, new Date(clock.now())).catch((error: unknown) => {
    output.progress(`No Event was written: ${(error as Error).message}`);
  });
}

const reasons = { passed: 'Passed', blocked: 'Blocked', unknown: 'Unknown' };
