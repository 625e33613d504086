import { expect } from 'chai';
import { isBrowser } from '@phala/dcap-qvl';
import type { Collateral } from '../../../../hooks/core/attestation/collateral.ts';
import { intelRoot, verifyQuote, type Verified } from '../../../../hooks/core/attestation/verify.ts';
import { certify, revocationList, type Identity } from '../../attestation/authority.ts';
import {
  collateralOf,
  intelExtension,
  makeMachine,
  quoteOf,
  type Machine,
} from '../../attestation/machine.ts';

const now = Date.UTC(2026, 10, 26);
const day = 24 * 60 * 60 * 1000;

describe('verifyQuote', () => {
  let machine: Machine;

  before(() => {
    machine = makeMachine({ now });
  });

  const verify = (changes: Partial<Collateral> = {}, quote = quoteOf(machine), time = now): Verified =>
    verifyQuote({
      ...{ quote, now: time, trustAnchor: machine.root.der },
      collateral: { ...machine.collateral, ...changes },
    });

  const expectProblem = (verified: Verified, ...patterns: RegExp[]) => {
    const problems = 'problems' in verified ? verified.problems : [];
    expect(problems).to.have.length(patterns.length);
    for (const [index, pattern] of patterns.entries()) expect(problems[index]).to.match(pattern);
  };

  it('trusts nobody but Intel unless told otherwise', () => {
    expect(intelRoot.toString('latin1')).to.contain('Intel SGX Root CA');
  });

  it("verifies with Node's own cryptography: the library has another, for browsers", () => {
    expect(isBrowser).to.equal(false);
  });

  it('tells the state of the platform', () => {
    expect(verify()).to.deep.equal({ platform: { status: 'UpToDate', advisories: [] } });
  });

  it('refuses a machine whose certificate was revoked', () => {
    const list = revocationList(machine.ca, now, [machine.pck]);
    expectProblem(
      verify({ pck_crl: list }),
      /^Intel has revoked a certificate/,
      /^Intel SGX PCK Processor CA has revoked .*\(Intel SGX PCK Certificate\)/,
    );
  });

  it('refuses what an authority has vouched for that was revoked', () => {
    const list = revocationList(machine.root, now, [machine.ca, machine.signer]);
    expectProblem(
      verify({ root_ca_crl: list }),
      /^Intel has revoked a certificate/,
      /\(Intel SGX PCK Processor CA\)/,
      /\(Intel SGX TCB Signing\)/,
    );
  });

  const forged: [string, (of: Machine) => Partial<Collateral>, RegExp][] = [
    ['cannot be read', () => ({ pck_crl: '3000' }), /Processor CA has revoked cannot be read/],
    [
      'somebody else has signed',
      ({ signer }) => ({ pck_crl: revocationList(signer, now) }),
      /Processor CA has revoked is not what Intel SGX PCK Processor CA has signed/,
    ],
    [
      'is that of the other authority',
      ({ root }) => ({ pck_crl: revocationList(root, now) }),
      /is not what Intel SGX PCK Processor CA has signed/,
    ],
    [
      'has expired',
      ({ root }) => ({ root_ca_crl: revocationList(root, now - 4 * day) }),
      /Intel's root has revoked is not of this time/,
    ],
    [
      'is from the future',
      ({ root }) => ({ root_ca_crl: revocationList(root, now + 4 * day) }),
      /Intel's root has revoked is not of this time/,
    ],
  ];
  for (const [title, change, problem] of forged) {
    it(`refuses a revocation list that ${title}, which the library passes over`, () => {
      expectProblem(verify(change(machine)), problem);
    });
  }

  it('refuses TCB info that a machine has signed, whose key has leaked', () => {
    const { root, ca, pck } = machine;
    const signer: Identity = { ...pck, pem: pck.pem + ca.pem };
    const verified = verify({
      ...collateralOf({ root, ca, pck, signer, now }),
      root_ca_crl: machine.collateral.root_ca_crl,
    });
    expectProblem(verified, /for Intel SGX PCK Certificate was used as Intel SGX TCB Signing/);
  });

  it('refuses a machine that another machine has certified, whose key has leaked', () => {
    const { pck: leaked, ca } = machine;
    const pck = certify({ name: 'Intel SGX PCK Certificate', intel: intelExtension() }, now, leaked);
    const issuer = { ...leaked, pem: leaked.pem + ca.pem };
    const verified = verify(
      { pck_crl: revocationList(leaked, now) },
      quoteOf({ ...machine, pck, ca: issuer }),
    );
    expectProblem(verified, /^Intel SGX PCK Certificate has issued a certificate and must not/);
  });

  it('refuses collateral for another kind of machine', () => {
    const tcb_info = machine.collateral.tcb_info.replace('00A067110000', '00606A000000');
    expectProblem(verify({ tcb_info }), /^the collateral is not what Intel has signed/);
  });

  it('refuses a quote whose report is signed by no machine', () => {
    const { key } = makeMachine({ now }).pck;
    const quote = quoteOf({ ...machine, pck: { ...machine.pck, key } });
    expectProblem(verify({}, quote), /not what an SGX CPU has signed/);
  });

  it('refuses certificates that are not valid at the time', () => {
    const verified = verify({}, quoteOf(machine), now + 20 * day);
    expect('problems' in verified && verified.problems[0]).to.match(/^the collateral has expired/);
  });
});
