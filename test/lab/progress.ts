import { setTimeout as pause } from 'node:timers/promises';

/** Takes one line that says what the lab is doing now. */
export type Progress = (line: string) => void;

/** Asks `check` again and again until it says true; throws what `failure` answers once the time is over. */
export async function until(
  check: () => Promise<boolean>,
  seconds: number,
  failure: () => Promise<Error>,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await check())) {
    if (Date.now() > deadline) throw await failure();
    await pause(100);
  }
}
