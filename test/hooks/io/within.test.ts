import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { within } from '../../../hooks/io/within.ts';
import { rejection } from '../rejection.ts';

describe('within', () => {
  const endless = async (signal: AbortSignal) => {
    await delay(5000, undefined, { signal });
  };

  it('answers what the work answers, and leaves nothing behind on the signal', async () => {
    const { signal } = new AbortController();
    expect(await within(5000, signal, async () => await Promise.resolve(7))).to.equal(7);
    expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
  });

  it('ends the work when the time is up', async () => {
    const error = await rejection(within(20, new AbortController().signal, endless));
    expect((error.cause as Error).name).to.equal('TimeoutError');
  });

  it('ends the work when the signal does, also when it has already', async () => {
    for (const milliseconds of [0, 20]) {
      const stop = new AbortController();
      if (milliseconds === 0) stop.abort(new Error('stopped'));
      else
        setTimeout(() => {
          stop.abort(new Error('stopped'));
        }, milliseconds);
      const error = await rejection(within(5000, stop.signal, endless));
      expect((error.cause as Error).message).to.equal('stopped');
    }
  });
});
