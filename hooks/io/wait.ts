import type { Clock } from './clock.ts';

/** The deadline came before what was waited for. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** Why a signal ended the work: its deadline, or what stopped it. */
export function endedBy(signal: AbortSignal): string {
  const reason: unknown = signal.reason;
  return reason instanceof Error && reason.name !== 'TimeoutError' ? reason.message : 'the deadline came';
}

/** What one look found: the value, or what is being waited for. */
export type Look<T> = { done: true; value: T } | { done: false; message: string };

export interface Wait {
  clock: Clock;
  signal: AbortSignal;
  progress: (line: string) => void;
  /** Between two looks; a second unless told otherwise. */
  pauseMilliseconds?: number;
}

const defaultPauseMilliseconds = 1000;
const progressMilliseconds = 10_000;

/**
 * Looks once a second (or as often as told) until there is a value, saying what it waits for at once when that changes and at least every
 * 10 s. Throws a DeadlineError with the last message when the signal ends it.
 */
export async function waitFor<T>(
  { clock, signal, progress, pauseMilliseconds = defaultPauseMilliseconds }: Wait,
  subject: string,
  look: () => Promise<Look<T>>,
): Promise<T> {
  let said = '';
  let saidAt = -Infinity;
  for (;;) {
    const found = await look();
    if (found.done) return found.value;
    if (found.message !== said || clock.now() - saidAt >= progressMilliseconds) {
      said = found.message;
      saidAt = clock.now();
      progress(`${subject}: ${said}`);
    }
    await clock.sleep(pauseMilliseconds, signal).catch((cause: unknown) => {
      throw new DeadlineError(`${subject}: ${endedBy(signal)} first; ${said}`, { cause });
    });
  }
}
