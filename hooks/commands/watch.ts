import { stateName } from '../core/states.ts';
import type { Clock } from '../io/clock.ts';
import type { Coordinator } from '../io/coordinator.ts';
import type { Output } from '../io/output.ts';

export interface WatchOptions {
  coordinator: Coordinator;
  intervalMilliseconds: number;
  clock: Clock;
  output: Output;
  /** Ends the watch. */
  signal: AbortSignal;
}

/** The anchor's work: asks the Coordinator for its state now and then, and logs each change of the answer. */
export async function watch({
  coordinator,
  intervalMilliseconds,
  clock,
  output,
  signal,
}: WatchOptions): Promise<void> {
  let said = '';
  while (!signal.aborted) {
    const line = await coordinator.state(signal).then(
      (state) => `The Coordinator is in state ${stateName(state)}`,
      (error: unknown) => `The Coordinator does not answer: ${(error as Error).message}`,
    );
    if (line !== said && !isAborted(signal)) {
      said = line;
      output.progress(`${new Date(clock.now()).toISOString()} ${line}`);
    }
    await clock.sleep(intervalMilliseconds, signal).catch(() => undefined);
  }
}

/** The signal may fire while the Coordinator is asked; the compiler does not know. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
