import { expect } from 'chai';
import { evidenceOf } from '../../../../hooks/core/attestation/evidence.ts';
import type { Expectation } from '../../../../hooks/core/attestation/expectation.ts';
import { verdictOn, type Verdict } from '../../../../hooks/core/attestation/verdict.ts';
import { intelRoot, verifyQuote } from '../../../../hooks/core/attestation/verify.ts';
import { useRecorded } from '../../attestation/recorded.ts';

const uniqueId = '33d8736db756ed4997e04ba358d27833188f1932ff7b1d156904d3f560452fbb';
const signerId = '815f42f11cf64430c30bab7816ba596a1da0130c3b028b673133a66cf9a3e0e6';
const then = Date.parse('2025-06-19T11:56:11Z');
const accepting: Expectation = {
  ...{ uniqueId, signerId, productId: 0, securityVersion: 0 },
  acceptedTcbStatuses: ['ConfigurationAndSWHardeningNeeded'],
  acceptedAdvisories: [],
};

describe('the quote of a real SGX machine', () => {
  const recorded = useRecorded();

  const verify = (now = then) => verifyQuote({ ...recorded(), now, trustAnchor: intelRoot });

  const judge = (change: Partial<Expectation> = {}, { now = then, quote = recorded().quote } = {}): Verdict =>
    verdictOn({
      ...{ quote, collateral: recorded().collateral, now, trustAnchor: intelRoot },
      ...{
        expected: { ...accepting, ...change },
        rootCertificate: Buffer.from('DER'),
        nonce: Buffer.alloc(0),
      },
    });

  it('says who made the enclave', () => {
    expect(evidenceOf(recorded().quote)).to.deep.equal({
      ...{ uniqueId, signerId, productId: 0, securityVersion: 0, debug: false },
      reportData: Buffer.from('Hello, world!').toString('hex').padEnd(64, '0'),
    });
  });

  it('verifies at its time', () => {
    expect(verify()).to.deep.equal({
      platform: {
        status: 'ConfigurationAndSWHardeningNeeded',
        advisories: ['INTEL-SA-00289', 'INTEL-SA-00615'],
      },
    });
  });

  it('is accepted in all but its report data, which no Coordinator made', () => {
    const { reasons, warnings } = judge();
    expect(reasons).to.have.length(1);
    expect(reasons[0]).to.match(
      /not made for the certificate.*expected report data [0-9a-f]{64}.*48656c6c6f/,
    );
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/ConfigurationAndSWHardeningNeeded \(INTEL-SA-00289, INTEL-SA-00615\)/);
  });

  const refused: [string, Partial<Expectation>, RegExp][] = [
    ['another signer', { signerId: '43'.repeat(32) }, /^SignerID: expected 4343.*the enclave has 815f/],
    ['another image', { uniqueId: '6b'.repeat(32) }, /^UniqueID: expected 6b6b.*the enclave has 33d8/],
    ['another product', { productId: 3 }, /^ProductID: expected 3, and the enclave has 0$/],
    [
      'a higher SecurityVersion',
      { securityVersion: 2 },
      /^SecurityVersion: expected 2 or higher, and the enclave has 0$/,
    ],
    [
      'another TCB status',
      { acceptedTcbStatuses: ['UpToDate', 'SWHardeningNeeded'] },
      /^TCB status: expected UpToDate or SWHardeningNeeded, and the platform has ConfigurationAndSW/,
    ],
  ];
  for (const [title, change, reason] of refused) {
    it(`is refused where ${title} is expected`, () => {
      expect(judge(change).reasons.some((one) => reason.test(one))).to.equal(true);
    });
  }

  it('is refused with everything that is wrong at once', () => {
    const all = Object.assign({}, ...refused.map(([, change]) => change)) as Partial<Expectation>;
    expect(judge(all).reasons).to.have.length(6);
  });

  it('is refused when its collateral has expired', () => {
    const { reasons } = judge({}, { now: Date.parse('2026-11-26T00:00:00Z') });
    expect(reasons[0]).to.match(/^the collateral has expired: fetch it again, or set this machine's clock$/);
    expect(reasons.filter((reason) => reason.includes('revoked is not of this time'))).to.have.length(2);
  });

  it('is refused by a clock that is behind', () => {
    const { reasons } = judge({}, { now: Date.parse('2025-06-01T00:00:00Z') });
    expect(reasons[0]).to.match(/^the collateral is from the future: set this machine's clock/);
  });

  it('is refused wherever a bit of what the CPU signed was changed', () => {
    const { quote } = recorded();
    const signedBytes = 432;
    for (let at = 48; at < signedBytes; at += 16) {
      const changed = Buffer.from(quote);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(judge({}, { quote: changed }).reasons.join(), `byte ${at}`).to.contain(
        'not what an SGX CPU has signed',
      );
    }
  });

  it('is refused with the debug bit set, which also breaks its signature', () => {
    const changed = Buffer.from(recorded().quote);
    const attributes = 48 + 48;
    changed.writeUInt8(changed.readUInt8(attributes) | 0x02, attributes);
    const reasons = judge({}, { quote: changed }).reasons.join();
    expect(reasons).to.contain('debug mode').and.contain('not what an SGX CPU has signed');
  });

  it('is refused when it is cut off, anywhere', () => {
    const { quote } = recorded();
    for (const length of [4, 100, 431, 1000, 2000]) {
      expect(judge({}, { quote: quote.subarray(0, length) }).reasons, `${length}`).to.not.be.empty;
    }
  });
});
