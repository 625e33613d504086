import { expect } from 'chai';
import { restartByHand } from '../../../../hooks/core/marbles/by-hand.ts';
import type { MarbleWorkload } from '../../../../hooks/core/marbles/workload.ts';
import { workload } from '../../marbles.ts';

describe('restartByHand', () => {
  const cases: [string, Partial<MarbleWorkload>, string][] = [
    ['a Deployment', {}, 'Restart it when it suits: kubectl -n shop rollout restart deployment web'],
    [
      'a StatefulSet',
      { kind: 'StatefulSet' },
      'Restart it when it suits: kubectl -n shop rollout restart statefulset web',
    ],
    [
      'a DaemonSet with OnDelete',
      { kind: 'DaemonSet', strategy: 'OnDelete' },
      'Delete its pods one by one when it suits: kubectl -n shop delete pod NAME',
    ],
    [
      'an Argo Rollout',
      { kind: 'Rollout' },
      'Restart it when it suits: kubectl argo rollouts -n shop restart web',
    ],
    [
      'an Argo Rollout whose template is that of a Deployment',
      { kind: 'Rollout', templateOf: { kind: 'Deployment', name: 'web-template' } },
      'Restart it when it suits: kubectl -n shop rollout restart deployment web-template',
    ],
    [
      'what an operator owns',
      { kind: 'StatefulSet', owner: { kind: 'Cluster', name: 'orders' } },
      'Restart it through cluster/orders.',
    ],
  ];
  for (const [title, different, expected] of cases) {
    it(`tells how to restart ${title}`, () => {
      expect(restartByHand(workload('web', (w) => Object.assign(w, different)))).to.equal(expected);
    });
  }
});
