import { expect } from 'chai';
import type { ContainerStatus, Pod } from '../../../hooks/core/objects.ts';
import { podTrouble } from '../../../hooks/core/pod-trouble.ts';
import { pod } from '../builders.ts';

describe('podTrouble', () => {
  it('finds none in a running pod', () => {
    expect(podTrouble(pod())).to.equal(undefined);
    expect(podTrouble(pod((p) => delete p.status))).to.equal(undefined);
  });

  it('says why a pod is not scheduled', () => {
    const message = '0/2 nodes are available: 2 Insufficient sgx.intel.com/epc.';
    const pending = pod((p) => {
      p.metadata.name = 'web-1';
      p.status = {
        phase: 'Pending',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
      };
    });
    expect(podTrouble(pending)).to.equal(`pod/web-1 is not scheduled: ${message}`);
  });

  const waiting = (reason: string, message: string) => ({ waiting: { reason, message } });
  const states: [string, NonNullable<ContainerStatus['state']>, string | undefined][] = [
    ['none while a container is made', { waiting: { reason: 'ContainerCreating' } }, undefined],
    ['none while init containers run', { waiting: { reason: 'PodInitializing' } }, undefined],
    ['none while nothing is said', { waiting: {} }, undefined],
    [
      'an image that cannot be pulled',
      waiting('ImagePullBackOff', 'Back-off pulling image "web:2"'),
      'pod/web-1: container coordinator waits: ImagePullBackOff: Back-off pulling image "web:2"',
    ],
    [
      'a crash loop',
      waiting('CrashLoopBackOff', 'back-off 40s restarting failed container'),
      'pod/web-1: container coordinator waits: CrashLoopBackOff: back-off 40s restarting failed container',
    ],
    [
      'a container that ended',
      { terminated: { exitCode: 1, reason: 'Error' } },
      'pod/web-1: container coordinator ended with code 1 (Error)',
    ],
    [
      'a container that ended without a word',
      { terminated: {} },
      'pod/web-1: container coordinator ended with code ? (no reason)',
    ],
  ];
  for (const [title, state, expected] of states) {
    it(`finds ${title}`, () => {
      expect(podTrouble(withState(state))).to.equal(expected);
    });
  }
});

function withState(state: NonNullable<ContainerStatus['state']>): Pod {
  return pod((p) => {
    p.metadata.name = 'web-1';
    p.status = { containerStatuses: [{ name: 'coordinator', ready: false, restartCount: 3, state }] };
  });
}
