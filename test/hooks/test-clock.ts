import type { Clock } from '../../hooks/io/clock.ts';

/** A clock that passes time only when somebody sleeps, and then at once. */
export class TestClock implements Clock {
  readonly sleeps: number[] = [];
  readonly deadline = new AbortController();
  #now: number;
  readonly #end: number;
  /** What the world does while somebody sleeps. */
  onSleep: () => void = () => undefined;

  /** The deadline fires once this much time has been slept. */
  constructor(deadlineMilliseconds = Infinity, start = Date.UTC(2026, 10, 24, 12)) {
    this.#now = start;
    this.#end = start + deadlineMilliseconds;
  }

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(milliseconds);
    this.#now = Math.min(this.#now + milliseconds, this.#end);
    this.onSleep();
    if (this.#now >= this.#end) this.deadline.abort(new Error('the time is up'));
    // Lets timers and sockets have their turn, so that a wait cannot starve what it waits for.
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
}
