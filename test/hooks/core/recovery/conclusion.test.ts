import { expect } from 'chai';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { recoveryFindings, type RecoveryRun } from '../../../../hooks/core/recovery/conclusion.ts';
import { coordinator } from '../../builders.ts';
import { answering, statusFacts } from '../../status-facts.ts';

const run = (change: Partial<RecoveryRun> = {}): RecoveryRun => ({
  release: 'mesh',
  namespace: 'marblerun',
  version: 'v1.9.1',
  pod: 'marblerun-coordinator-1',
  keys: { parties: 3, threshold: 2, digests: { alice: 'aa', bob: 'bb', carol: 'cc' } },
  taken: ['alice'],
  remaining: 2,
  refused: [],
  ...change,
});
const inRecovery = statusFacts(answering({ state: 1 }));

describe('what a recovery comes to', () => {
  it('is nothing to say where the same state is back', () => {
    expect(recoveryFindings(run({ remaining: 0 }), statusFacts())).to.deep.equal([]);
  });

  it('is a finding with the parties by name where some are missing', () => {
    const [finding] = recoveryFindings(run(), inRecovery);
    expect(finding).to.include({ code: 'recovery-needed', severity: 'block' });
    expect(finding?.message).to.contain('1 is missing').and.to.contain('in this run: bob, carol.');
    expect(finding?.message).to.contain('Do not set a Manifest');
  });

  it('names nobody where an older record has no names', () => {
    const [finding] = recoveryFindings(run({ keys: { parties: 3, threshold: 2 } }), inRecovery);
    expect(finding?.message).to.contain('1 is missing').and.not.to.contain('in this run');
  });

  it('counts nothing where nothing was taken', () => {
    const [finding] = recoveryFindings(run({ taken: [], remaining: undefined }), inRecovery);
    expect(finding?.message).to.contain('the Coordinator took no secret in this run');
  });

  it('is another state where the Manifest or the root certificate is not the one of the record', () => {
    const other = coordinator(({ manifest }) => {
      if (manifest !== undefined) manifest.fingerprint = 'ee'.repeat(32);
    });
    const [finding] = recoveryFindings(run({ remaining: 0 }), statusFacts(answering(other)));
    expect(finding).to.include({ code: 'state-replaced', severity: 'block' });
    expect(finding?.message).to.contain('the Manifest was');
  });

  it('says that it could not be compared without a record', () => {
    for (const record of [known(undefined), unknown('it is not JSON')]) {
      const facts = statusFacts((object) => (object.record = record));
      const [finding] = recoveryFindings(run({ remaining: 0 }), facts);
      expect(finding).to.include({ code: 'record-unreadable', severity: 'warn' });
    }
  });

  it('is a lost state where the Coordinator has no Manifest afterwards, and unknown where it does not answer', () => {
    const [lost] = recoveryFindings(run(), statusFacts(answering({ state: 2 })));
    expect(lost).to.include({ code: 'state-lost', severity: 'block' });
    const silent = statusFacts((object) => (object.answers = [unknown('connect ECONNREFUSED')]));
    const [unreachable] = recoveryFindings(run(), silent);
    expect(unreachable).to.include({ code: 'coordinator-unreachable', severity: 'block' });
    expect(unreachable?.message).to.contain('ECONNREFUSED');
  });
});
