import { expect } from 'chai';
import { known, unknown } from '../../../hooks/core/known.ts';
import { rolloutFindings, type RolloutFacts } from '../../../hooks/core/rollout.ts';
import { coordinator, otherCertificate, record, settings, type Change } from '../builders.ts';

/** Title, facts, what is found in which severity. */
const cases: [string, Change<RolloutFacts>, string[]][] = [
  ['finds nothing when the same state is in force on the same node', () => undefined, []],
  ['finds nothing after a first install with a Manifest', (f) => (f.record = known(undefined)), []],
  ['notes a move that needed no recovery', (f) => (f.pod.node = 'sgx-2'), ['info coordinator-moved']],
  [
    'speaks of no move while one of several pods is where it was',
    (f) => Object.assign(f, { pod: { name: 'b', node: 'sgx-2' }, nodes: ['sgx-1', 'sgx-2'] }),
    [],
  ],
  [
    'speaks of no move while one of the nodes of several pods has one again',
    (f) => {
      Object.assign(f, { pod: { name: 'b', node: 'sgx-2' }, nodes: ['sgx-2'] });
      f.record = known(record((r) => (r.coordinator.nodes = ['sgx-1', 'sgx-2'])));
    },
    [],
  ],
  [
    'does not speak of a move from a node that was not recorded',
    (f) => (f.record = known(record((r) => (r.coordinator.node = '')))),
    [],
  ],
  [
    'blocks when the state is another one',
    (f) => (f.coordinator.rootCertificate = otherCertificate),
    ['block state-replaced'],
  ],
  [
    'blocks when another Manifest is in force under the same root certificate',
    (f) => {
      if (f.coordinator.manifest !== undefined) f.coordinator.manifest.fingerprint = 'ff'.repeat(32);
    },
    ['block state-replaced'],
  ],
  [
    'does not compare with a record without a Manifest, where each start makes a certificate',
    (f) => {
      const before = record((r) => {
        delete r.manifestFingerprint;
        r.rootCertificate = otherCertificate;
      });
      f.record = known(before);
    },
    [],
  ],
  ['blocks in Recovery', (f) => (f.coordinator = { state: 1 }), ['block recovery-needed']],
  [
    'names the move that made the recovery necessary',
    (f) => {
      f.coordinator = { state: 1 };
      f.pod.node = 'sgx-2';
    },
    ['info coordinator-moved', 'block recovery-needed'],
  ],
  ['blocks when the Manifest is gone', (f) => (f.coordinator = { state: 2 }), ['block state-lost']],
  [
    'asks for a Manifest when there never was one',
    (f) => {
      f.coordinator = { state: 2 };
      f.record = known(undefined);
    },
    ['info manifest-needed'],
  ],
  [
    'warns when the record cannot be read',
    (f) => (f.record = unknown('it is not JSON')),
    ['warn record-unreadable'],
  ],
  [
    'warns of what may be a loss when the record cannot be read and there is no Manifest',
    (f) => {
      f.record = unknown('it is not JSON');
      f.coordinator = { state: 2 };
    },
    ['warn record-unreadable', 'warn manifest-needed'],
  ],
  [
    'blocks in Recovery whether the record can be read or not',
    (f) => {
      f.record = unknown('it is not JSON');
      f.coordinator = { state: 1 };
    },
    ['warn record-unreadable', 'block recovery-needed'],
  ],
  [
    'blocks before the Coordinator is initialized',
    (f) => (f.coordinator = { state: 0 }),
    ['block rollout-incomplete'],
  ],
  [
    'blocks in a state that it does not know',
    (f) => (f.coordinator = { state: 9 }),
    ['block rollout-incomplete'],
  ],
];

describe('rolloutFindings', () => {
  for (const [title, change, expected] of cases) {
    it(title, () => {
      const found = rolloutFindings(facts(change)).map(({ severity, code }) => `${severity} ${code}`);
      expect(found).to.deep.equal(expected);
    });
  }

  it('warns in Recovery not to set a Manifest, and gives the commands of the new version', () => {
    const [finding] = rolloutFindings(facts((f) => (f.coordinator = { state: 1 })));
    expect(finding?.message).to.contain('Do not set a Manifest: that destroys the sealed state.');
    expect(finding?.remedy).to.contain('recoverySecretSignature').and.to.contain('pod/coordinator-1 4433');
  });

  it('tells what a wait for the recovery ended with, beside the commands', () => {
    const [needed, waited] = rolloutFindings(
      facts((f) => {
        f.coordinator = { state: 1 };
        f.waitedInVain = 'Recovery: the deadline came first; 1 is missing';
      }),
    );
    expect(needed?.code).to.equal('recovery-needed');
    expect(waited).to.include({
      code: 'rollout-incomplete',
      severity: 'block',
      message:
        'The rollout waited for the recovery, in vain: Recovery: the deadline came first; 1 is missing.',
    });
    expect(waited?.remedy).to.contain('then run the same helm command again');
  });

  it('does not call for a new Manifest where one may have been lost', () => {
    const found = rolloutFindings(
      facts((f) => {
        f.record = unknown('it is not JSON');
        f.coordinator = { state: 2 };
      }),
    );
    expect(found[1]?.message).to.contain('whether it had one before is not known');
    expect(found[1]?.remedy).to.match(/^If it had one, its state is lost: find the volume/);
  });

  for (const [state, name] of [
    [0, '0 Uninitialized'],
    [9, '9 (unknown to this version of the hooks)'],
  ] as const) {
    it(`speaks of state ${state} and of no other`, () => {
      const [finding] = rolloutFindings(facts((f) => (f.coordinator = { state })));
      expect(finding?.message).to.equal(
        `The Coordinator is in state ${name}, in which no Marble can start. No Marble was restarted.`,
      );
      expect(finding?.remedy).to.equal('Look at its log: kubectl -n marblerun logs pod/coordinator-1');
    });
  }

  it('names what was replaced, before and after', () => {
    const [finding] = rolloutFindings(
      facts((f) => {
        f.coordinator.rootCertificate = otherCertificate;
        if (f.coordinator.manifest !== undefined) f.coordinator.manifest.fingerprint = 'ff'.repeat(32);
      }),
    );
    expect(finding?.message)
      .to.contain('root certificate was 5f1d7c0e5f1d and is e07a93b4e07a')
      .and.to.contain('Manifest was 91ab04fe91ab and is ffffffffffff')
      .and.to.contain('No Marble was restarted.');
  });

  it('names where the Coordinator came from and went to', () => {
    const [finding] = rolloutFindings(facts((f) => (f.pod.node = 'sgx-2')));
    expect(finding?.message).to.equal('The Coordinator moved from sgx-1 to sgx-2.');
  });
});

function facts(change: Change<RolloutFacts>): RolloutFacts {
  const object: RolloutFacts = {
    settings: settings(),
    coordinator: coordinator(),
    pod: { name: 'coordinator-1', node: 'sgx-1' },
    record: known(record()),
  };
  change(object);
  return object;
}
