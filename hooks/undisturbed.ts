import { ExitCode } from './core/exit-code.ts';
import { onceEach, type Output } from './io/output.ts';
import { paintSeverities } from './io/paint.ts';
import { progressOn, type Progress } from './io/progress.ts';

/** What a command that a person runs speaks through, and what it ends by. */
export interface Tools extends Pick<Progress, 'step' | 'end'> {
  output: Output;
  /** Says once that a try failed and another follows. */
  onRetry: (problem: string) => void;
}

/**
 * Runs a command that a person waits for. Once it is told to stop it says no more of its own, such as that Helm was stopped,
 * but this: that it was, and what it had done by then.
 */
export async function undisturbed(
  command: string,
  stop: AbortSignal,
  run: (tools: Tools) => Promise<ExitCode>,
  soFar = () => 'nothing was changed.',
): Promise<ExitCode> {
  const progress = progressOn(process.stderr);
  const unlessStopped =
    (say: (line: string) => void) =>
    (line: string): void => {
      if (!stop.aborted) say(line);
    };
  const output: Output = {
    progress: unlessStopped(progress.note),
    result: unlessStopped((text) => {
      progress.end();
      process.stdout.write(`${paintSeverities(text, process.stdout)}\n`);
    }),
    terminationMessage: () => undefined,
  };
  const { step, end } = progress;
  try {
    const onRetry = onceEach(output.progress);
    const code = await run({ output, onRetry, step: unlessStopped(step), end });
    if (!stop.aborted) return code;
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    end();
  }
  process.stderr.write(`marblerun-hooks ${command}: ${(stop.reason as Error).message}; ${soFar()}\n`);
  return ExitCode.Stopped;
}
