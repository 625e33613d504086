import { constants, INTEL_PCS_URL } from '@phala/dcap-qvl';
import { expect } from 'chai';
import { collateralAddresses } from '../../../../hooks/core/attestation/addresses.ts';
import { verifyQuote } from '../../../../hooks/core/attestation/verify.ts';
import { attest } from '../../../../hooks/io/attestation/attest.ts';
import { fetchCollateral } from '../../../../hooks/io/attestation/pccs.ts';
import { serveCoordinator } from '../../attestation/coordinator.ts';
import { enclave, makeMachine, quoteOf, wrapped } from '../../attestation/machine.ts';
import { servePccs, type ListForm } from '../../attestation/pccs.ts';
import { useRecorded } from '../../attestation/recorded.ts';
import { makeChain } from '../../certificates.ts';
import { TestClock } from '../../test-clock.ts';

const now = Date.UTC(2026, 10, 26);
const { signal } = new AbortController();

describe('collateralAddresses', () => {
  const machine = makeMachine({ now });
  const quote = quoteOf(machine);

  it("are Intel's, but for the list that its root certificate tells of", () => {
    const { rootCrl, ...others } = collateralAddresses(undefined, quote, constants.TRUSTED_ROOT_CA_DER);
    for (const address of Object.values(others)) {
      expect(address).to.match(/\/sgx\/certification\/v4\//);
      expect(new URL(address).origin).to.equal(INTEL_PCS_URL);
    }
    expect(rootCrl).to.match(/^https:.*IntelSGXRootCA\.der$/);
  });

  for (const url of ['https://pccs:8081', 'https://pccs:8081/', 'https://pccs:8081/sgx/certification/v4/']) {
    it(`take the PCCS as ${url}`, () => {
      expect(collateralAddresses(url, quote, machine.root.der)).to.deep.equal({
        pckCrl: 'https://pccs:8081/sgx/certification/v4/pckcrl?ca=processor',
        rootCrl: 'https://pccs:8081/sgx/certification/v4/rootcacrl',
        tcbInfo: 'https://pccs:8081/sgx/certification/v4/tcb?fmspc=00A067110000',
        qeIdentity: 'https://pccs:8081/sgx/certification/v4/qe/identity',
      });
    });
  }

  it('keep what the URL of the PCCS wants in its query, and its password', () => {
    const { tcbInfo } = collateralAddresses('https://me:word@pccs/sub/?key=1', quote, machine.root.der);
    const expected = 'https://me:word@pccs/sub/sgx/certification/v4/tcb?key=1&fmspc=00A067110000';
    expect(tcbInfo).to.equal(expected);
  });
});

describe('fetchCollateral', () => {
  const forms: ListForm[] = ['hex', 'pem', 'bytes'];
  for (const platformCa of [false, true]) {
    for (const lists of forms) {
      it(`fetches what a machine of ${platformCa ? 'several sockets' : 'one socket'} needs, with lists as ${lists}`, async () => {
        const machine = makeMachine({ now, platformCa });
        const pccs = await servePccs(machine, { lists });
        const quote = quoteOf(machine);
        const addresses = collateralAddresses(pccs.url, quote, machine.root.der);
        const collateral = await fetchCollateral(addresses, signal);
        expect(collateral).to.deep.equal(machine.collateral);
        const verified = verifyQuote({ quote, collateral, now, trustAnchor: machine.root.der });
        expect(verified).to.have.property('platform');
        await pccs.close();
      });
    }
  }
});

describe('the quote of a real SGX machine, over the network,', () => {
  const recorded = useRecorded();

  it('is refused only because no Coordinator made it, with collateral from a PCCS and from a file', async () => {
    const { quote, collateral, collateralFile } = recorded();
    const pccs = await servePccs({ collateral });
    const coordinator = await serveCoordinator(makeChain(), {
      change: () => wrapped(quote).toString('base64'),
    });
    const expected = {
      uniqueId: '33d8736db756ed4997e04ba358d27833188f1932ff7b1d156904d3f560452fbb',
      ...{ signerId: '', productId: 0, securityVersion: 0, acceptedAdvisories: [] },
      acceptedTcbStatuses: ['ConfigurationAndSWHardeningNeeded'],
    };
    for (const source of [{ pccs: pccs.url }, { file: collateralFile }]) {
      const attested = await attest({
        ...{ url: coordinator.url, agent: undefined, expected, insecure: false, collateral: source, signal },
        clock: new TestClock(Infinity, Date.parse('2025-06-19T11:56:11Z')),
      });
      expect(attested).to.deep.include({ ok: false, because: 'refused' });
      const { reasons } = attested as { reasons: string[] };
      expect(reasons).to.have.length(1);
      expect(reasons[0]).to.match(/^the quote was not made for the certificate and the nonce/);
    }
    await coordinator.close();
    await pccs.close();
  });

  it('is refused with another signer and expired collateral at once', async () => {
    const { quote, collateralFile } = recorded();
    const coordinator = await serveCoordinator(makeChain(), {
      change: () => quote.toString('base64'),
    });
    const attested = await attest({
      ...{ url: coordinator.url, agent: undefined, insecure: false, signal },
      expected: { ...enclave, uniqueId: '', acceptedTcbStatuses: [], acceptedAdvisories: [] },
      collateral: { file: collateralFile },
      clock: new TestClock(Infinity, now),
    });
    const reasons = 'reasons' in attested ? attested.reasons.join('\n') : '';
    expect(reasons).to.contain('the collateral has expired').and.contain('SignerID: expected 4343');
    await coordinator.close();
  });
});
