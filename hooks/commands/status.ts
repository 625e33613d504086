import { ExitCode } from '../core/exit-code.ts';
import { exitCodeOf } from '../core/report.ts';
import { changesBetween } from '../core/status-view/changes.ts';
import { statusText } from '../core/status-view/text.ts';
import { viewOf, type StatusView } from '../core/status-view/view.ts';
import type { Clock } from '../io/clock.ts';
import { ClusterError } from '../io/cluster-error.ts';
import type { Screen } from '../io/screen.ts';
import { DeadlineError } from '../io/wait.ts';
import { lookOnce, type LookTools } from './look.ts';

/** What `status` works with. The whole outside world comes in here. */
export interface StatusTools extends LookTools {
  screen: Screen;
  format: 'text' | 'json';
  /** The time between two looks; undefined for one look. */
  repeatMilliseconds: number | undefined;
  programVersion: string;
}

/** Shows what the Coordinator is in and what runs under it, once or until the signal. Changes nothing. */
export async function status(tools: StatusTools): Promise<ExitCode> {
  if (tools.repeatMilliseconds !== undefined) return await watchStatus(tools, tools.repeatMilliseconds);
  const { screen } = tools;
  try {
    const view = await look(tools);
    screen.show(rendered(tools, view));
    return exitCodeOf(view.outcome);
  } catch (error) {
    screen.note(`What the Coordinator is in is not known: ${whyNot(error)}`);
    return ExitCode.Unknown;
  }
}

/** Ends fine by the signal: to stop looking is no failure. A look that fails leaves what was shown, and says so. */
async function watchStatus(tools: StatusTools, repeatMilliseconds: number): Promise<ExitCode> {
  const { screen, clock, signal } = tools;
  let before: StatusView | undefined;
  try {
    while (!signal.aborted) {
      before = await lookAgain(tools, before);
      await clock.sleep(repeatMilliseconds, signal).catch(() => undefined);
    }
  } finally {
    screen.end();
  }
  return ExitCode.Fine;
}

async function lookAgain(
  tools: StatusTools,
  before: StatusView | undefined,
): Promise<StatusView | undefined> {
  try {
    const view = await look(tools);
    present(tools, before, view);
    return view;
  } catch (error) {
    if (!tools.signal.aborted) missed(tools, before, whyNot(error));
    return before;
  }
}

async function look(tools: StatusTools): Promise<StatusView> {
  return viewOf(await lookOnce(tools), tools.programVersion);
}

/** The whole view where it is drawn in one place, or is the first; else what is new. */
function present(tools: StatusTools, before: StatusView | undefined, view: StatusView): void {
  const { screen, format, clock } = tools;
  if (screen.live) {
    // Above, since a low terminal cuts the end.
    screen.show(`${stamp(clock)}  Ctrl-C ends this.\n\n${rendered(tools, view)}`);
    return;
  }
  const changes = before === undefined ? undefined : changesBetween(before, view);
  if (changes === undefined || (format === 'json' && changes.length > 0)) screen.show(rendered(tools, view));
  else for (const line of changes) screen.show(`${stamp(clock)}  ${line}`);
}

function missed(tools: StatusTools, before: StatusView | undefined, why: string): void {
  const { screen, clock } = tools;
  const line = `${stamp(clock)}  This look failed: ${why}`;
  if (!screen.live) screen.note(line);
  else screen.show(before === undefined ? line : `${line}\n\n${rendered(tools, before)}`);
}

function rendered({ format, screen }: StatusTools, view: StatusView): string {
  if (format === 'json') return JSON.stringify(view);
  return statusText(view, { width: screen.width(), colour: screen.colour });
}

function stamp(clock: Clock): string {
  return `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
}

/** What kept it from being seen; anything else is a mistake of the caller or of the program. */
function whyNot(error: unknown): string {
  if (error instanceof ClusterError || error instanceof DeadlineError) return error.message;
  throw error;
}
