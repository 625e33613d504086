import { expect } from 'chai';
import { countedRevision, isRollback, readRecord, writeRecord } from '../../../hooks/core/record.ts';
import { record } from '../builders.ts';

const broken: [string, string, RegExp][] = [
  ['is no JSON', '{"schemaVersion": 1', /^it is not JSON$/],
  ['is empty', '', /^it is not JSON$/],
  ['is null', 'null', /schema version undefined, this program knows 1/],
  ['is a list', '[]', /schema version undefined/],
  ['has no version', '{}', /schema version undefined/],
  ['was written by a newer program', JSON.stringify({ ...record(), schemaVersion: 2 }), /schema version 2/],
  ['has its version as text', JSON.stringify({ ...record(), schemaVersion: '1' }), /schema version "1"/],
  ['has no Coordinator', '{"schemaVersion":1}', /^it names no Coordinator$/],
  ['has null for it', '{"schemaVersion":1,"coordinator":null}', /^it names no Coordinator$/],
  ['has no node', '{"schemaVersion":1,"coordinator":{"version":"v1.9.1"}}', /^it names no Coordinator$/],
  ...['rootCertificate', 'intermediateCertificate', 'manifestFingerprint', 'startedUnder', 'completed'].map(
    (field): [string, string, RegExp] => [
      `has a number as ${field}`,
      JSON.stringify({ ...record(), [field]: 5 }),
      new RegExp(`^its ${field} is no text$`),
    ],
  ),
  [
    'has null as a certificate',
    JSON.stringify({ ...record(), rootCertificate: null }),
    /^its rootCertificate is no text$/,
  ],
  ...[null, 3, {}, { parties: 3 }, { parties: '3', threshold: 2 }].map(
    (recoveryKeys): [string, string, RegExp] => [
      `has ${JSON.stringify(recoveryKeys)} as its recoveryKeys`,
      JSON.stringify({ ...record(), recoveryKeys }),
      /^its recoveryKeys are no numbers$/,
    ],
  ),
];

describe('readRecord', () => {
  it('reads what was written', () => {
    expect(readRecord(writeRecord(record()))).to.deep.equal({ known: true, value: record() });
  });

  it('reads one of an earlier version, which does not tell what a recovery takes', () => {
    const before = record((r) => delete r.recoveryKeys);
    expect(readRecord(writeRecord(before))).to.deep.equal({ known: true, value: before });
  });

  it('knows that there is none', () => {
    expect(readRecord(undefined)).to.deep.equal({ known: true, value: undefined });
  });

  for (const [title, text, why] of broken) {
    it(`does not know a record that ${title}`, () => {
      const answer = readRecord(text);
      expect(answer.known).to.equal(false);
      expect(answer).to.have.property('why').that.matches(why);
    });
  }
});

describe('isRollback', () => {
  it('knows a revision that was rolled out before', () => {
    expect(isRollback(6, record())).to.equal(true);
    expect(isRollback(7, record())).to.equal(false);
  });

  it('takes the first rollout for none', () => {
    expect(isRollback(1, undefined)).to.equal(false);
    expect(
      isRollback(
        1,
        record((r) => delete r.revision),
      ),
    ).to.equal(false);
  });
});

describe('countedRevision', () => {
  const before = record((r) => (r.revision = 6));
  const told = (revision: number, nonce = '') =>
    record((r) => Object.assign(r, { revision, time: 'later', values: nonce === '' ? r.values : { nonce } }));

  it('is the one that Helm tells of an upgrade', () => {
    expect(countedRevision(told(7), before)).to.equal(7);
    expect(countedRevision(told(1), undefined)).to.equal(1);
  });

  it('counts one up for a rollback', () => {
    expect(countedRevision(told(4, 'older'), before)).to.equal(7);
  });

  it('stays when a hook is run again, of an upgrade or of a rollback', () => {
    expect(countedRevision(told(6), before)).to.equal(6);
    expect(countedRevision(told(4), before)).to.equal(6);
  });
});
