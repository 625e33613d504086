import { expect } from 'chai';
import { isRollback, readRecord, writeRecord } from '../../../hooks/core/record.ts';
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
  ...['rootCertificate', 'intermediateCertificate', 'manifestFingerprint', 'startedUnder'].map(
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
];

describe('readRecord', () => {
  it('reads what was written', () => {
    expect(readRecord(writeRecord(record()))).to.deep.equal({ known: true, value: record() });
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
