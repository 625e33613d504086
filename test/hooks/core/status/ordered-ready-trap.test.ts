import { expect } from 'chai';
import type { Pod } from '../../../../hooks/core/objects.ts';
import type { StatefulSet } from '../../../../hooks/core/objects/workloads.ts';
import { orderedReadyTrap } from '../../../../hooks/core/status/ordered-ready-trap.ts';
import type { Change } from '../../builders.ts';
import { podOf, statefulSet } from '../../workloads.ts';

const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' };
const revision = (hash: string): Change<Pod> => {
  return ({ metadata }) => (metadata.labels = { ...metadata.labels, 'controller-revision-hash': hash });
};
const pod = (ordinal: number, hash: string, change: Change<Pod> = () => undefined): Pod =>
  podOf(owner, `db-${ordinal}`, (object) => {
    revision(hash)(object);
    change(object);
  });
const crashing: Change<Pod> = ({ status }) => {
  Object.assign(status ?? {}, {
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [
      {
        name: 'main',
        ready: false,
        restartCount: 4,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
      },
    ],
  });
};
const starting: Change<Pod> = ({ status }) => {
  Object.assign(status ?? {}, { conditions: [{ type: 'Ready', status: 'False' }] });
};
const mended: Change<StatefulSet> = ({ status = {} }) => {
  status.updateRevision = 'new';
};

describe('orderedReadyTrap', () => {
  it('names an old pod that never gets ready, and what gets the set moving', () => {
    const pods = [pod(10, 'old', crashing), pod(2, 'old', crashing), pod(0, 'old')];
    expect(orderedReadyTrap(statefulSet(mended), pods)).to.deep.equal({
      pod: 'db-2',
      message:
        'pod/db-2: container main waits: CrashLoopBackOff: back-off 40s; the StatefulSet does not replace this pod, which is of an older template, by itself (OrderedReady)',
      command: 'kubectl -n shop delete pod db-2',
    });
  });

  it('tells of a new pod that it will hold up the next template', () => {
    const found = orderedReadyTrap(statefulSet(mended), [pod(2, 'new', crashing)]);
    expect(found?.message).to.contain(
      'once its template is mended, the StatefulSet does not replace this pod',
    );
  });

  /** Title, set, pods. */
  const none: [string, Change<StatefulSet>, Pod[]][] = [
    ['every pod is ready', mended, [pod(0, 'old'), pod(1, 'new')]],
    ['a pod is only starting', mended, [pod(0, 'old', starting)]],
    [
      'the pod is on its way out',
      mended,
      [
        pod(0, 'old', (object) => {
          crashing(object);
          object.metadata.deletionTimestamp = '2026-11-25T12:00:00Z';
        }),
      ],
    ],
    [
      'the set starts its pods all at once',
      (set) => {
        mended(set);
        set.spec.podManagementPolicy = 'Parallel';
      },
      [pod(0, 'old', crashing)],
    ],
    ['there are no pods', mended, []],
  ];
  for (const [title, change, pods] of none) {
    it(`finds nothing where ${title}`, () => {
      expect(orderedReadyTrap(statefulSet(change), pods)).to.equal(undefined);
    });
  }
});
