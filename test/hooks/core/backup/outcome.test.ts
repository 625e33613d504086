import { expect } from 'chai';
import {
  outcomeFindings,
  outcomeSentence,
  readOutcome,
  type BackupOutcome,
} from '../../../../hooks/core/backup/outcome.ts';

const made: BackupOutcome = {
  schemaVersion: 1,
  result: 'made',
  secret: 'marblerun-coordinator-backup-2',
  dataBytes: 2917,
  dataSha256: '91ab04fe'.repeat(8),
  key: 'copied',
  foreign: [],
};

describe('outcomeFindings', () => {
  const messageOf = (outcome: BackupOutcome) => outcomeFindings(outcome, 'marblerun')[0]?.message;

  it('says where the copy is, and whether the key is in it', () => {
    expect(outcomeFindings(made, 'marblerun')[0]).to.deep.include({
      code: 'backup-made',
      severity: 'info',
      subject: 'secret/marblerun-coordinator-backup-2',
      message: 'The sealed state was copied (2917 bytes, SHA-256 91ab04fe91ab), with its sealed key.',
    });
    expect(messageOf({ ...made, key: 'left-out' })).to.contain('without its key, which is not sealed');
    expect(messageOf({ ...made, key: 'missing' })).to.contain('without a key, since there is none');
  });

  it('finds nothing to say when nothing was to be copied', () => {
    for (const result of ['unchanged', 'nothing'] as const) {
      expect(outcomeFindings({ ...made, result }, 'marblerun')).to.deep.equal([]);
    }
  });

  it('warns with the reason when there is no copy, and never stops', () => {
    const [finding] = outcomeFindings({ ...made, result: 'failed', why: 'it is too large' }, 'marblerun');
    expect(finding).to.deep.include({ code: 'backup-skipped', severity: 'warn' });
    expect(finding?.message).to.contain('it is too large');
    expect(finding?.remedy).to.contain('--set backup.enabled=false');
  });

  it('warns of each Secret that is not ours', () => {
    const findings = outcomeFindings({ ...made, foreign: ['a', 'b'] }, 'marblerun');
    expect(findings.map(({ code, subject }) => `${code} ${subject}`)).to.deep.equal([
      'backup-made secret/marblerun-coordinator-backup-2',
      'backup-slot-taken secret/a',
      'backup-slot-taken secret/b',
    ]);
  });
});

describe('outcomeSentence', () => {
  it('tells of a copy, and of one that was there', () => {
    expect(outcomeSentence(made)).to.equal(
      'copied the sealed state into secret/marblerun-coordinator-backup-2',
    );
    expect(outcomeSentence({ ...made, result: 'unchanged' })).to.contain('copied already');
    expect(outcomeSentence({ ...made, result: 'nothing' })).to.equal(undefined);
  });
});

describe('readOutcome', () => {
  it('reads what the pod said', () => {
    expect(readOutcome(JSON.stringify(made))).to.deep.equal(made);
  });

  it('takes nothing else for an outcome', () => {
    for (const text of ['', 'Killed', 'null', '{}', '{"schemaVersion":1,"result":"great","foreign":[]}']) {
      expect(readOutcome(text), text).to.equal(undefined);
    }
  });
});
