import type { DaemonSet } from '../../../../hooks/core/objects/workloads.ts';
import { daemonSetStatus } from '../../../../hooks/core/status/daemon-set.ts';
import type { Change } from '../../builders.ts';
import { daemonSet } from '../../workloads.ts';
import { ofEachKind, statusCases } from './cases.ts';

const status =
  (change: DaemonSet['status']): Change<DaemonSet> =>
  (set) =>
    Object.assign(set.status ?? {}, change);

describe('daemonSetStatus', () => {
  statusCases(
    (change: Change<DaemonSet>) => daemonSetStatus(daemonSet(change)),
    [
      ...ofEachKind<DaemonSet>(),
      ['waits for new pods', status({ updatedNumberScheduled: 1 }), 'waiting', /^1 of 3 pods are of the new/],
      [
        'waits for a pod on every node',
        status({ currentNumberScheduled: 2 }),
        'waiting',
        /^2 of 3 nodes have/,
      ],
      [
        'waits for pods to be available',
        status({ numberAvailable: 2 }),
        'waiting',
        /^2 of 3 pods are available$/,
      ],
      ['waits for pods to be ready', status({ numberReady: 0 }), 'waiting', /^0 of 3 pods are available$/],
      [
        'is done where no node takes it',
        (set) => (set.status = { observedGeneration: 2 }),
        'done',
        /^0 of 0/,
      ],
      [
        'is done with OnDelete only when every pod is new',
        (set) => {
          set.spec.updateStrategy = { type: 'OnDelete' };
          status({ updatedNumberScheduled: 2 })(set);
        },
        'waiting',
        /^2 of 3 pods are of the new/,
      ],
    ],
  );
});
