import { expect } from 'chai';
import type { ObjectMeta } from '../../../../hooks/core/objects.ts';
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

/** What holds for every kind: all is well, or the status is not that of the object as it is now. */
export function ofEachKind<T extends { metadata: ObjectMeta; status?: unknown }>(): StatusCase<T>[] {
  return [
    [
      'is done when each of its pods is new and available',
      () => undefined,
      'done',
      /^3 of 3 pods are available$/,
    ],
    [
      'waits for the controller first',
      ({ metadata }) => (metadata.generation = 9),
      'waiting',
      /see the change/,
    ],
    ['waits when there is no status yet', (object) => delete object.status, 'waiting', /see the change/],
  ];
}
