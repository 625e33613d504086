import type { Clock } from '../../io/clock.ts';
import { following } from '../../io/within.ts';

/** Wakes the roll when something has happened, and after a while in any case. */
export class Pulse {
  readonly #clock: Clock;
  #beat = Promise.withResolvers<undefined>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something has happened. */
  readonly beat = (): void => {
    this.#beat.resolve(undefined);
  };

  /** Resolves once something has happened since the last time, or the time is over, or the signal says so. */
  async next(milliseconds: number, signal: AbortSignal): Promise<void> {
    const beaten = this.#beat.promise;
    const { controller, release } = following(signal);
    const time = this.#clock.sleep(milliseconds, controller.signal);
    await Promise.race([beaten, time.catch(() => undefined)]);
    controller.abort();
    release();
    this.#beat = Promise.withResolvers();
  }
}
