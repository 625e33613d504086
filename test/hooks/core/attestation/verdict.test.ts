import { expect } from 'chai';
import { reportDataFor } from '../../../../hooks/core/attestation/evidence.ts';
import type { Expectation } from '../../../../hooks/core/attestation/expectation.ts';
import { verdictOn, type Question } from '../../../../hooks/core/attestation/verdict.ts';
import {
  enclave,
  expected,
  makeMachine,
  quoteOf,
  type EnclaveOptions,
  type Machine,
} from '../../attestation/machine.ts';

const now = Date.UTC(2026, 10, 26);
const rootCertificate = Buffer.from('the root certificate in DER');
const nonce = Buffer.from('a nonce');
const reportData = Buffer.from(reportDataFor(rootCertificate, nonce), 'hex');

describe('verdictOn', () => {
  let machine: Machine;

  before(() => {
    machine = makeMachine({ now });
  });

  const question = (changes: Partial<Question> = {}, made: EnclaveOptions = {}): Question => ({
    quote: quoteOf(machine, { reportData, ...made }),
    collateral: machine.collateral,
    ...{ now, trustAnchor: machine.root.der, expected, rootCertificate, nonce },
    ...changes,
  });

  it('has nothing against the expected enclave', () => {
    expect(verdictOn(question())).to.deep.equal({ reasons: [], warnings: [] });
  });

  it('has nothing against a higher SecurityVersion', () => {
    expect(verdictOn(question({}, { securityVersion: 9 })).reasons).to.deep.equal([]);
  });

  it('takes a UniqueID alone', () => {
    const alone = { ...expected, uniqueId: enclave.uniqueId, signerId: '', productId: 0, securityVersion: 0 };
    expect(verdictOn(question({ expected: alone })).reasons).to.deep.equal([]);
    const [reason] = verdictOn(question({ expected: { ...alone, uniqueId: '11'.repeat(32) } })).reasons;
    expect(reason).to.match(/^UniqueID: expected 1111/);
  });

  it('names everything that differs', () => {
    const other = {
      signerId: '99'.repeat(32),
      productId: 4,
      securityVersion: 1,
      reportData: Buffer.from('x'),
    };
    expect(verdictOn(question({}, other)).reasons.map((reason) => reason.split(':')[0])).to.deep.equal([
      ...['SignerID', 'ProductID', 'SecurityVersion'],
      'the quote was not made for the certificate and the nonce of this request',
    ]);
  });

  it('refuses a debug enclave, said once', () => {
    const { reasons } = verdictOn(question({}, { debug: true }));
    expect(reasons).to.have.length(1);
    expect(reasons[0]).to.contain('debug mode');
  });

  it('refuses a quote that was made for another certificate, or with another nonce', () => {
    for (const changes of [{ rootCertificate: Buffer.from('another') }, { nonce: Buffer.from('another') }]) {
      const { reasons } = verdictOn(question(changes));
      expect(reasons).to.have.length(1);
      expect(reasons[0]).to.match(/may be an old quote, or somebody is in between/);
    }
  });

  it("refuses a quote that does not lead to Intel's root", async () => {
    const { intelRoot } = await import('../../../../hooks/core/attestation/verify.ts');
    const { reasons } = verdictOn(question({ trustAnchor: intelRoot }));
    expect(reasons.join()).to.contain("do not lead to Intel's root");
  });

  it('refuses what is no quote', () => {
    const { reasons } = verdictOn(question({ quote: Buffer.alloc(500) }));
    expect(reasons).to.deep.equal(['the quote cannot be read: it is cut off, or no SGX DCAP quote']);
  });
});

const advisories = ['INTEL-SA-00289', 'INTEL-SA-00615'];
const statuses: [string, Partial<Expectation>, 'accepted' | 'accepted with a warning' | 'refused'][] = [
  ['UpToDate', { acceptedTcbStatuses: ['OutOfDate'] }, 'accepted'],
  ['SWHardeningNeeded', {}, 'accepted with a warning'],
  ['SWHardeningNeeded', { acceptedTcbStatuses: ['UpToDate'] }, 'refused'],
  [
    'SWHardeningNeeded',
    { acceptedAdvisories: ['intel-sa-00289', 'INTEL-SA-00615'] },
    'accepted with a warning',
  ],
  ['SWHardeningNeeded', { acceptedAdvisories: ['INTEL-SA-00289'] }, 'refused'],
  ['ConfigurationNeeded', {}, 'refused'],
  ['OutOfDate', {}, 'refused'],
  [
    'OutOfDate',
    { acceptedTcbStatuses: ['OutOfDate'], acceptedAdvisories: ['INTEL-SA-00289'] },
    'accepted with a warning',
  ],
];

describe('the TCB status of the platform', () => {
  const verdictAt = (tcbStatus: string, change: Partial<Expectation>) => {
    const machine = makeMachine({ now, tcbStatus, advisories });
    return verdictOn({
      quote: quoteOf(machine, { reportData }),
      collateral: machine.collateral,
      ...{ now, trustAnchor: machine.root.der, rootCertificate, nonce },
      expected: { ...expected, ...change },
    });
  };

  for (const [tcbStatus, change, outcome] of statuses) {
    it(`is ${outcome} at ${tcbStatus} with ${JSON.stringify(change)}, as in MarbleRun`, () => {
      const { reasons, warnings } = verdictAt(tcbStatus, change);
      expect([reasons.length, warnings.length]).to.deep.equal(
        { accepted: [0, 0], 'accepted with a warning': [0, 1], refused: [1, 0] }[outcome],
      );
      expect([...reasons, ...warnings].join()).to.contain(outcome === 'accepted' ? '' : 'INTEL-SA-00615');
    });
  }

  it('is never accepted at Revoked, which MarbleRun lets one list', () => {
    const { reasons } = verdictAt('Revoked', { acceptedTcbStatuses: ['Revoked'] });
    expect(reasons.join()).to.match(/^Intel has revoked the TCB of the platform/);
  });
});
