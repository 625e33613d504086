import { expect } from 'chai';
import { expectationOf, type ExpectationFlags } from '../../../../hooks/core/attestation/expectation.ts';

const uniqueId = '6B'.repeat(32);
const signerId = '43'.repeat(32);
const signed = { SignerID: signerId, ProductID: 3, SecurityVersion: 2 };
const signedFlags = { 'signer-id': signerId, 'product-id': '3', 'security-version': '2' };
const defaults = { acceptedTcbStatuses: ['UpToDate', 'SWHardeningNeeded'], acceptedAdvisories: [] };
const bySigner = { uniqueId: '', signerId, productId: 3, securityVersion: 2, ...defaults };
const byImage = {
  uniqueId: uniqueId.toLowerCase(),
  signerId: '',
  productId: 0,
  securityVersion: 0,
  ...defaults,
};

const read: [string, ExpectationFlags, object | undefined, object | undefined][] = [
  ["MarbleRun's era file", {}, signed, bySigner],
  ['an era file with keys in any case', {}, { uniqueid: uniqueId }, byImage],
  ['a UniqueID alone', { 'unique-id': uniqueId }, undefined, byImage],
  ['signer, product and version as options', signedFlags, undefined, bySigner],
  [
    'an option that wins over the era file',
    { 'security-version': '5' },
    signed,
    { ...bySigner, securityVersion: 5 },
  ],
  ['an option that completes the era file', { 'product-id': '3' }, { ...signed, ProductID: 0 }, bySigner],
  [
    'accepted statuses and advisories of an era file',
    {},
    { ...signed, AcceptedTCBStatuses: ['OutOfDate'], AcceptedAdvisories: ['INTEL-SA-00289'] },
    { ...bySigner, acceptedTcbStatuses: ['OutOfDate'], acceptedAdvisories: ['INTEL-SA-00289'] },
  ],
  [
    'accepted statuses and advisories as options',
    { 'accepted-tcb-statuses': 'OutOfDate, ConfigurationNeeded', 'accepted-advisories': 'INTEL-SA-00615' },
    { ...signed, AcceptedTCBStatuses: ['UpToDate'] },
    {
      ...bySigner,
      acceptedTcbStatuses: ['OutOfDate', 'ConfigurationNeeded'],
      acceptedAdvisories: ['INTEL-SA-00615'],
    },
  ],
  ['nothing where nothing is given', {}, undefined, undefined],
];

const refused: [string, ExpectationFlags, string | object | undefined, RegExp[]][] = [
  ['a SignerID alone', { 'signer-id': signerId }, undefined, [/ProductID and SecurityVersion/, /era file/]],
  ['no signer at all', { 'product-id': '3', 'security-version': '2' }, undefined, [/UniqueID nor SignerID/]],
  ['statuses alone', { 'accepted-tcb-statuses': 'UpToDate' }, undefined, [/neither a UniqueID nor SignerID/]],
  ['a ProductID of 0, which MarbleRun takes for none', {}, { ...signed, ProductID: 0 }, [/nor ProductID;/]],
  ['a status that is none', { 'accepted-tcb-statuses': 'uptodate' }, signed, [/"uptodate"/, /OutOfDate/]],
  ['an era file that is not JSON', {}, '-----BEGIN PRIVATE KEY-----', [/the era file is not JSON/]],
  ['a misspelt key', {}, { ...signed, UniqeID: uniqueId }, [/UniqeID is no key/]],
  ['a signer that is no hash', {}, { ...signed, SignerID: 'edgeless' }, [/SignerID is not 64/]],
  [
    'several options, all at once',
    { 'unique-id': 'latest', 'signer-id': '43', 'product-id': '0', 'security-version': '65536' },
    undefined,
    [/--unique-id/, /--signer-id/, /--product-id must be a whole number from 1/, /--security-version/],
  ],
];

describe('expectationOf', () => {
  for (const [title, flags, era, expected] of read) {
    it(`reads ${title}`, () => {
      expect(expectationOf(flags, era && JSON.stringify(era))).to.deep.equal(expected);
    });
  }

  for (const [title, flags, era, problems] of refused) {
    it(`refuses ${title}`, () => {
      const text = typeof era === 'object' ? JSON.stringify(era) : era;
      for (const problem of problems) expect(() => expectationOf(flags, text)).to.throw(problem);
      expect(() => expectationOf(flags, text))
        .to.throw()
        .with.property('name', 'SettingsError');
      expect(() => expectationOf(flags, text)).to.not.throw(/PRIVATE/);
    });
  }
});
