import { expect } from 'chai';
import { obstacle } from '../../../../hooks/core/marbles/obstacle.ts';
import type { MarbleWorkload } from '../../../../hooks/core/marbles/workload.ts';
import { workload } from '../../marbles.ts';

type Rules = Parameters<typeof obstacle>[1];

const auto: Rules = { mode: 'auto', onDelete: 'report' };
const onDelete = { kind: 'StatefulSet', strategy: 'OnDelete' } as const;
const operated = { owner: { kind: 'Cluster', name: 'orders' } };

/** Title, what is different, the rules, whether the restart stays due, the reason. */
const cases: [string, Partial<MarbleWorkload>, Rules, boolean, string][] = [
  ['rollout.restart never', {}, { ...auto, mode: 'never' }, true, 'rollout.restart is never'],
  [
    'an address that does not tell the Coordinator',
    { strangeAddress: '10.0.0.7:2001' },
    auto,
    true,
    'it is not known whether 10.0.0.7:2001 is this Coordinator',
  ],
  ['an opt-out', { restart: 'never' }, auto, false, 'its annotation marblerun-hooks/restart is never'],
  [
    'an annotation that it cannot read',
    { restart: 'no' },
    auto,
    true,
    'its annotation marblerun-hooks/restart is "no", which is neither never nor auto',
  ],
  ['zero replicas', { replicas: 0 }, auto, false, 'it is scaled to zero'],
  [
    'zero replicas of a StatefulSet, none of which a partition can hold back',
    { kind: 'StatefulSet', replicas: 0 },
    auto,
    false,
    'it is scaled to zero',
  ],
  ['a DaemonSet without nodes', { kind: 'DaemonSet', replicas: 0 }, auto, false, 'it runs on no node'],
  ['a paused one', { paused: true }, auto, true, 'it is paused'],
  [
    'an operator',
    operated,
    auto,
    true,
    'it belongs to cluster/orders, whose operator would take the change back',
  ],
  [
    'a template that stands elsewhere',
    { kind: 'Rollout', templateOf: { kind: 'Deployment', name: 'web-template' } },
    auto,
    true,
    'its pod template is that of deployment/web-template, which is the one to restart',
  ],
  [
    'OnDelete',
    onDelete,
    auto,
    true,
    'its update strategy is OnDelete: a pod starts anew only when somebody deletes it',
  ],
  [
    'a partition above all pods',
    { kind: 'StatefulSet', heldBack: 2 },
    auto,
    true,
    'its partition holds back all of its 2 pods',
  ],
];

describe('obstacle', () => {
  for (const [title, different, rules, due, reason] of cases) {
    it(`is ${title}`, () => {
      const marble = workload('web', (w) => Object.assign(w, different));
      expect(obstacle(marble, rules)).to.deep.equal({ reason, due });
    });
  }

  const none: [string, Partial<MarbleWorkload>, Rules][] = [
    ['an ordinary workload', {}, auto],
    ['one that says that it may be restarted', { restart: 'auto' }, auto],
    ['OnDelete where its pods are to be evicted', onDelete, { ...auto, onDelete: 'evict' }],
    ['a partition that lets some pods start anew', { kind: 'StatefulSet', heldBack: 1 }, auto],
    ['rollout.restart always', {}, { ...auto, mode: 'always' }],
  ];
  for (const [title, different, rules] of none) {
    it(`does not exist for ${title}`, () => {
      expect(
        obstacle(
          workload('web', (w) => Object.assign(w, different)),
          rules,
        ),
      ).to.equal(undefined);
    });
  }

  it('is the operator’s even where its pods would be evicted', () => {
    const marble = workload('web', (w) => Object.assign(w, onDelete, operated));
    expect(obstacle(marble, { ...auto, onDelete: 'evict' })?.reason).to.contain('cluster/orders');
  });
});
