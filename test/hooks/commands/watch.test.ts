import { expect } from 'chai';
import { watch } from '../../../hooks/commands/watch.ts';
import { session } from '../session.ts';
import { TestClock } from '../test-clock.ts';

describe('watch', () => {
  const watched = async (answers: (number | Error)[]): Promise<{ lines: string[]; clock: TestClock }> => {
    const clock = new TestClock(answers.length * 5000);
    const given = session();
    const left = [...answers];
    await watch({
      coordinator: {
        facts: async () => await Promise.reject(new Error('not asked for')),
        state: async () => {
          const next = left.shift() ?? new Error('too often');
          if (next instanceof Error) throw next;
          return await Promise.resolve(next);
        },
      },
      intervalMilliseconds: 5000,
      limits: { graceSeconds: 600, downSeconds: 900 },
      clock,
      output: given.output,
      signal: clock.deadline.signal,
    });
    return { lines: given.progress, clock };
  };

  it('logs each change of the state, with the time, and nothing in between', async () => {
    const { lines, clock } = await watched([2, 2, 3, 3, 3, new Error('connect ECONNREFUSED'), 1]);
    expect(lines).to.deep.equal([
      '2026-11-24T12:00:00.000Z The Coordinator is in state 2 AcceptingManifest',
      '2026-11-24T12:00:10.000Z The Coordinator is in state 3 AcceptingMarbles',
      '2026-11-24T12:00:25.000Z The Coordinator does not answer: connect ECONNREFUSED',
      '2026-11-24T12:00:30.000Z The Coordinator is in state 1 Recovery',
    ]);
    expect(clock.sleeps).to.deep.equal(Array.from({ length: 7 }, () => 5000));
  });

  it('ends when it is stopped', async () => {
    const { lines } = await watched([3]);
    expect(lines).to.have.length(1);
  });
});
