import { expect } from 'chai';
import { deploymentStatus } from '../../../../hooks/core/status/deployment.ts';
import type { Deployment } from '../../../../hooks/core/objects.ts';
import { deployment, type Change } from '../../builders.ts';
import { ofEachKind, statusCases, type StatusCase } from './cases.ts';

const stuck = {
  type: 'Progressing',
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  message: 'ReplicaSet "web-5d" has timed out progressing.',
};

const counts = (change: Deployment['status']): Change<Deployment> => {
  return ({ status }) => Object.assign(status ?? {}, change);
};

const cases: StatusCase<Deployment>[] = [
  ...ofEachKind<Deployment>(),
  ['waits for new pods', counts({ updatedReplicas: 1 }), 'waiting', /^1 of 3 pods are of the new template$/],
  ['waits for old pods to go', counts({ replicas: 4 }), 'waiting', /^1 old pods are still there$/],
  [
    'waits for pods to be available',
    counts({ availableReplicas: 2 }),
    'waiting',
    /^2 of 3 pods are available$/,
  ],
  ['waits for pods to be ready', counts({ readyReplicas: 0 }), 'waiting', /^0 of 3 pods are available$/],
  [
    'is not done by available pods of the old template',
    counts({ updatedReplicas: 0 }),
    'waiting',
    /of the new template$/,
  ],
  [
    'fails past its progress deadline',
    counts({ conditions: [stuck] }),
    'failed',
    /has timed out progressing/,
  ],
  [
    'does not fail by a deadline of an earlier generation',
    (d) => {
      counts({ conditions: [stuck] })(d);
      d.metadata.generation = 4;
    },
    'waiting',
    /see the change/,
  ],
  [
    'is done at once when scaled to zero',
    (d) => {
      d.spec.replicas = 0;
      d.status = { observedGeneration: 3 };
    },
    'done',
    /^0 of 0/,
  ],
  [
    'takes one replica where none is set',
    (d) => {
      delete d.spec.replicas;
      d.status = { observedGeneration: 3 };
    },
    'waiting',
    /^0 of 1 pods/,
  ],
  [
    'waits for pods above the wanted number to go',
    counts({ replicas: 4, updatedReplicas: 4 }),
    'waiting',
    /^1 pods more than wanted are still there$/,
  ],
  [
    'waits as long as it is not available',
    counts({ conditions: [{ type: 'Available', status: 'False', message: 'too few' }] }),
    'waiting',
    /^it is not available: too few$/,
  ],
  [
    'says that it is paused',
    (d) => {
      counts({ updatedReplicas: 0 })(d);
      d.spec.paused = true;
    },
    'waiting',
    /^0 of 3 pods are of the new template; it is paused$/,
  ],
  [
    'says why its pods are refused, and goes on waiting',
    counts({
      updatedReplicas: 1,
      conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: pods' }],
    }),
    'waiting',
    /^1 of 3 pods are of the new template; exceeded quota: pods$/,
  ],
];

describe('deploymentStatus', () => {
  statusCases(
    (change: Change<Deployment>) =>
      deploymentStatus(
        deployment((d) => {
          d.spec.replicas = 3;
          counts({ replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3 })(d);
          change(d);
        }),
      ),
    cases,
  );

  it('tells a roll that was complete once from one that never was', () => {
    const complete = { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' };
    const of = (reason: string) =>
      deploymentStatus(deployment(counts({ availableReplicas: 0, conditions: [{ ...complete, reason }] })));
    expect(of('NewReplicaSetAvailable')).to.deep.include({ done: false, completed: true });
    expect(of('ReplicaSetUpdated')).to.not.have.property('completed');
  });
});
