import {
  exitCodeOf,
  renderJson,
  renderSummary,
  renderText,
  type ExitCode,
  type Report,
} from '../core/report.ts';
import type { Clock } from '../io/clock.ts';
import type { Cluster } from '../io/cluster.ts';
import type { Coordinator } from '../io/coordinator.ts';
import { eventMessageLimit, writeEvent } from '../io/events.ts';
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
  /** What the running command has done so far, one sentence each: an error that ends it must not hide that. */
  done: string[];
  /** Ends every wait: the deadline, or a signal to stop. */
  signal: AbortSignal;
  /** A connection for the last word: it still works for a moment when the deadline has passed. */
  reportingCluster: () => Cluster;
}

/** The session as a wait needs it. */
export function waitOf({ clock, signal, output }: Session): Wait {
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
  const { output, files, clock } = session;
  output.terminationMessage(renderSummary(report, terminationMessageLimit));
  const { namespace } = files.settings.release;
  const about = { namespace, name: files.settings.coordinator.deployment, uid: deploymentUid };
  const text = {
    type: report.outcome === 'passed' ? ('Normal' as const) : ('Warning' as const),
    reason: `${report.command === 'preflight' ? 'Preflight' : 'Rollout'}${reasons[report.outcome]}`,
    message: renderSummary(report, eventMessageLimit),
  };
  await writeEvent(session.reportingCluster(), about, text, new Date(clock.now())).catch((error: unknown) => {
    output.progress(`No Event was written: ${(error as Error).message}`);
  });
  output.result(session.format === 'json' ? renderJson(report) : renderText(report));
  return exitCodeOf(report.outcome);
}

const reasons = { passed: 'Passed', blocked: 'Blocked', unknown: 'Unknown' };
