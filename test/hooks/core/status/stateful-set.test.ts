import type { StatefulSet } from '../../../../hooks/core/objects/workloads.ts';
import { statefulSetStatus } from '../../../../hooks/core/status/stateful-set.ts';
import type { Change } from '../../builders.ts';
import { statefulSet } from '../../workloads.ts';
import { ofEachKind, statusCases } from './cases.ts';

const status =
  (change: StatefulSet['status']): Change<StatefulSet> =>
  (set) =>
    Object.assign(set.status ?? {}, change);
const strategy =
  (updateStrategy: StatefulSet['spec']['updateStrategy'], change: StatefulSet['status'] = {}) =>
  (set: StatefulSet) => {
    set.spec.updateStrategy = updateStrategy ?? {};
    status(change)(set);
  };
const partition = (number: number, change: StatefulSet['status'] = {}): Change<StatefulSet> =>
  strategy({ type: 'RollingUpdate', rollingUpdate: { partition: number } }, change);
/** A new template of which no pod has been seen yet. */
const changed = { updateRevision: 'db-9c', updatedReplicas: 0 };

describe('statefulSetStatus', () => {
  statusCases(
    (change: Change<StatefulSet>) => statefulSetStatus(statefulSet(change)),
    [
      ...ofEachKind<StatefulSet>(),
      [
        'waits for new pods',
        status({ ...changed, updatedReplicas: 2 }),
        'waiting',
        /^2 of 3 pods are of the new/,
      ],
      [
        'waits for pods to be available',
        status({ availableReplicas: 2 }),
        'waiting',
        /^2 of 3 pods are available$/,
      ],
      [
        'does not take ready pods for available ones (minReadySeconds)',
        status({ readyReplicas: 3, availableReplicas: 1 }),
        'waiting',
        /^1 of 3 pods are available$/,
      ],
      [
        'waits for pods above the wanted number to go',
        status({ replicas: 4 }),
        'waiting',
        /^1 pods more than wanted/,
      ],
      [
        'waits until the controller has ended the update',
        status({ updateRevision: 'db-9c' }),
        'waiting',
        /to end the update$/,
      ],
      [
        'is done with a partition when the pods from it on are new, and tells how many are held back',
        partition(2, { ...changed, updatedReplicas: 1 }),
        'done',
        /^3 of 3 pods are available; its partition holds 2 of them back$/,
      ],
      [
        'waits with a partition for the pods from it on',
        partition(1, { ...changed, updatedReplicas: 1 }),
        'waiting',
        /^1 of 2 pods/,
      ],
      ['is done with a partition above the replicas', partition(5, changed), 'done', /holds 3 of them back$/],
      [
        'waits with a partition for every pod to be available',
        partition(2, { ...changed, updatedReplicas: 1, availableReplicas: 2 }),
        'waiting',
        /^2 of 3 pods are available$/,
      ],
      [
        'takes a set without a strategy for a rolling one',
        strategy(undefined, { updateRevision: 'db-9c' }),
        'waiting',
        /to end the update$/,
      ],
      [
        'waits with OnDelete for pods to be deleted',
        strategy({ type: 'OnDelete' }, changed),
        'waiting',
        /^0 of 3 pods/,
      ],
      [
        'is done with OnDelete when every pod is new, though the controller does not promote the revision',
        strategy({ type: 'OnDelete' }, { updateRevision: 'db-9c' }),
        'done',
        /^3 of 3/,
      ],
      [
        'is done at once when scaled to zero',
        (set) => {
          set.spec.replicas = 0;
          set.status = { observedGeneration: 2 };
        },
        'done',
        /^0 of 0/,
      ],
      [
        'takes one replica where none is set',
        (set) => {
          delete set.spec.replicas;
          set.status = { observedGeneration: 2 };
        },
        'waiting',
        /^0 of 1 pods/,
      ],
    ],
  );
});
