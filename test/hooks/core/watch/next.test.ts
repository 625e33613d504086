import { expect } from 'chai';
import { known } from '../../../../hooks/core/known.ts';
import { blank } from '../../../../hooks/core/watch/memory.ts';
import { wantsLook } from '../../../../hooks/core/watch/next.ts';
import { coordinator, otherCertificate, record } from '../../builders.ts';
import { limits, movedTo, rounds, scene, start, type Round } from '../../watching.ts';

const inRecovery = movedTo('sgx-2', { state: 1 });
const recovered = movedTo('sgx-2', coordinator());
const empty = scene((object) => (object.coordinator = { state: 2 }));
const silent = scene((object) => (object.coordinator = undefined));
const another = scene((object) => {
  object.coordinator = coordinator((facts) => (facts.rootCertificate = otherCertificate));
});
const unaware = (change: 'new' | 'none') => (object: ReturnType<typeof scene>) => {
  object.record = known(
    change === 'none'
      ? undefined
      : record((each) => {
          delete each.rootCertificate;
          delete each.manifestFingerprint;
        }),
  );
};
const young = scene((object) => {
  unaware('new')(object);
  object.coordinator = { state: 2 };
});
const grown = scene(unaware('new'));

/** Title, rounds, and by round what is told; `-` for nothing, with `!` where the anchor is not Ready. */
const stories: [string, Round[], string][] = [
  [
    'says nothing of a Coordinator that is as it should be',
    [
      { at: 0, state: 3, scene: scene() },
      { at: 60, state: 3, scene: scene() },
    ],
    '- -',
  ],
  [
    'tells a move into recovery at once, and is not Ready after the grace time',
    [
      { at: 0, state: 3, scene: scene() },
      { at: 5, state: undefined, scene: silent },
      { at: 10, state: 1, scene: inRecovery },
      { at: 609, state: 1, scene: inRecovery },
      { at: 610, state: 1, scene: inRecovery },
      { at: 615, state: 3, scene: recovered },
    ],
    '- - CoordinatorNeedsRecovery - -! CoordinatorRecovered',
  ],
  [
    'counts the grace time on while a Coordinator that needs recovery crashes',
    [
      { at: 0, state: 1, scene: inRecovery },
      { at: 300, state: undefined, scene: silent },
      { at: 305, state: 1, scene: inRecovery },
      { at: 600, state: undefined, scene: silent },
    ],
    'CoordinatorNeedsRecovery - - -!',
  ],
  [
    'raises no alarm for a restart',
    [
      { at: 0, state: 3, scene: scene() },
      { at: 5, state: undefined, scene: silent },
      { at: 904, state: undefined, scene: silent },
      { at: 905, state: 3, scene: scene() },
    ],
    '- - - -',
  ],
  [
    'tells when it has been down for too long, and when it is back',
    [
      { at: 0, state: 3, scene: scene() },
      { at: 5, state: undefined, scene: silent },
      { at: 905, state: undefined, scene: silent },
      { at: 910, state: undefined, scene: silent },
      { at: 915, state: 3, scene: scene() },
    ],
    '- - CoordinatorDown! -! CoordinatorBack',
  ],
  [
    'takes a state that it does not know for no answer',
    [
      { at: 0, state: 0, scene: silent },
      { at: 900, state: 0, scene: silent },
    ],
    '- CoordinatorDown!',
  ],
  [
    'tells of an empty store where the record names a Manifest',
    [
      { at: 0, state: 2, scene: empty },
      { at: 600, state: 2, scene: empty },
    ],
    'CoordinatorLostState -!',
  ],
  [
    'tells of an empty store where it saw a Manifest itself',
    [
      { at: 0, state: 3, scene: grown },
      { at: 5, state: 2, scene: young },
    ],
    '- CoordinatorLostState',
  ],
  [
    'tells that a Manifest was set',
    [
      { at: 0, state: 2, scene: young },
      { at: 5, state: 3, scene: grown },
    ],
    '- CoordinatorGotManifest',
  ],
  [
    'tells of another mesh, and is Ready',
    [
      { at: 0, state: 3, scene: another },
      { at: 600, state: 3, scene: another },
    ],
    'CoordinatorStateReplaced -',
  ],
  [
    'tells of a move that kept the state, once',
    [
      { at: 0, state: 3, scene: recovered },
      { at: 60, state: 3, scene: recovered },
    ],
    'CoordinatorMoved -',
  ],
  [
    'waits with what it tells until it knows which pod it is about',
    [
      { at: 0, state: 1 },
      { at: 5, state: 1, scene: scene() },
      { at: 10, state: 1, scene: inRecovery },
    ],
    '- - CoordinatorNeedsRecovery',
  ],
  [
    'gives the same reason once a minute at most',
    [
      { at: 0, state: 1, scene: inRecovery },
      { at: 5, state: 3, scene: recovered },
      { at: 10, state: 1, scene: inRecovery },
      { at: 60, state: 1, scene: inRecovery },
      { at: 65, state: 1, scene: inRecovery },
    ],
    'CoordinatorNeedsRecovery CoordinatorRecovered - CoordinatorNeedsRecovery -',
  ],
];

describe('the watch', () => {
  for (const [title, given, expected] of stories) {
    it(title, () => {
      const told = rounds(given).map(({ event, ready }) => `${event?.reason ?? '-'}${ready ? '' : '!'}`);
      expect(told.join(' ')).to.equal(expected);
    });
  }

  it('names both nodes and the next command of a recovery', () => {
    const moved = movedTo('sgx-2', { state: 1 });
    moved.record = known(record((object) => (object.recoveryKeys = { parties: 1, threshold: 1 })));
    const event = rounds([{ at: 0, state: 1, scene: moved }])[0]?.event;
    expect(event?.message).to.match(
      /^The Coordinator moved from sgx-1 to sgx-2 and cannot unseal its state there \(state 1, Recovery\)\. /,
    );
    expect(event?.message).to.contain(
      `\nkubectl -n marblerun port-forward pod/${inRecovery.pod?.metadata.name ?? ''} 4433:4433\n`,
    );
  });

  it('says why it is not Ready in words that stay the same', () => {
    const [early, late, later] = rounds([
      { at: 0, state: 1 },
      { at: 600, state: 1 },
      { at: 700, state: 1 },
    ]);
    expect(early).to.include({ ready: true });
    expect(late).to.include({
      ready: false,
      why: 'the Coordinator has needed recovery for more than 600 s (anchor.graceSeconds)',
    });
    expect(later?.why).to.equal(late?.why);
  });

  it('begins its grace time anew when the anchor itself is replaced', () => {
    expect(rounds([{ at: 5000, state: 1, scene: inRecovery }])[0]).to.include({ ready: true });
  });

  it('gives the same occasion the same name, so that its successor does not tell it again', () => {
    const first = rounds([{ at: 0, state: 1, scene: inRecovery }])[0]?.event;
    const again = rounds([{ at: 900, state: 1, scene: inRecovery }])[0]?.event;
    expect(again?.occasion).to.equal(first?.occasion);
    expect(
      rounds([{ at: 0, state: 1, scene: movedTo('sgx-3', { state: 1 }) }])[0]?.event?.occasion,
    ).not.to.equal(first?.occasion);
  });

  it('looks at the cluster when the answer changes, once a minute, and no more often', () => {
    const memory = rounds([{ at: 0, state: 3, scene: scene() }]).at(-1)?.memory ?? blank;
    const wants = (state: number, at: number) =>
      wantsLook(memory, known(state), new Date(start + at * 1000), limits);
    expect([wants(3, 5), wants(1, 5), wants(3, 29), wants(3, 30), wants(3, 60)]).to.deep.equal([
      false,
      true,
      false,
      true,
      true,
    ]);
  });

  it('notes a move after the rollout hook had its time, and only while the state is 3', () => {
    const decisions = rounds([
      { at: 0, state: 3, scene: recovered },
      { at: 5, state: 3, scene: recovered },
      { at: 30, state: 3, scene: recovered },
    ]);
    expect(decisions.map(({ recordChange }) => recordChange?.coordinator.node)).to.deep.equal([
      undefined,
      undefined,
      'sgx-2',
    ]);
    expect(
      rounds([
        { at: 0, state: 1, scene: inRecovery },
        { at: 60, state: 1, scene: inRecovery },
      ]).every(({ recordChange }) => recordChange === undefined),
    ).to.equal(true);
  });
});
