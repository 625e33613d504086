import { expect } from 'chai';
import type { RolloutStatus } from '../../../../hooks/core/status/status.ts';
import type { Change } from '../../builders.ts';

/** Title, change of an object that has rolled out, what its status is then, and its message. */
export type StatusCase<T> = [string, Change<T>, 'done' | 'waiting' | 'failed', RegExp];

/** One test for each case. */
export function statusCases<T>(
  statusOf: (change: Change<T>) => RolloutStatus,
  cases: readonly StatusCase<T>[],
): void {
  for (const [title, change, outcome, message] of cases) {
    it(title, () => {
      const status = statusOf(change);
      expect(status.message).to.match(message);
      expect({ done: status.done, failed: status.failed }).to.deep.equal({
        done: outcome === 'done',
        failed: outcome === 'failed',
      });
    });
  }
}
