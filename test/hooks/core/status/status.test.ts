import { expect } from 'chai';
import { workloadStatus } from '../../../../hooks/core/status/status.ts';
import { marble } from '../../builders.ts';
import { argoRollout, daemonSet, statefulSet } from '../../workloads.ts';

describe('workloadStatus', () => {
  it('judges each kind by its own rule', () => {
    const all = [
      workloadStatus('Deployment', marble('web')),
      workloadStatus('StatefulSet', statefulSet()),
      workloadStatus('DaemonSet', daemonSet()),
      workloadStatus('Rollout', argoRollout()),
    ];
    expect(all.map(({ message }) => message)).to.deep.equal([
      '2 of 2 pods are available',
      ...Array.from({ length: 3 }, () => '3 of 3 pods are available'),
    ]);
    expect(all.every(({ done }) => done)).to.equal(true);
  });

  it('says which controller it waits for', () => {
    expect(
      workloadStatus(
        'DaemonSet',
        daemonSet((set) => delete set.status),
      ).message,
    ).to.contain('DaemonSet');
  });
});
