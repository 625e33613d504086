import { expect } from 'chai';
import { readCollateral } from '../../../../hooks/core/attestation/collateral.ts';

const collateral = {
  pck_crl_issuer_chain: 'PEM',
  root_ca_crl: '30',
  pck_crl: '3001',
  tcb_info_issuer_chain: 'PEM',
  tcb_info: '{}',
  tcb_info_signature: 'aB',
  qe_identity_issuer_chain: 'PEM',
  qe_identity: '{}',
  qe_identity_signature: 'cd',
};

describe('readCollateral', () => {
  it('reads a file with bytes in hexadecimal', () => {
    expect(readCollateral(JSON.stringify(collateral))).to.deep.equal({ collateral });
  });

  it('reads a file with bytes as lists, and leaves out what the quote has itself', () => {
    const lists = { ...collateral, root_ca_crl: [0x30], pck_crl: [0x30, 1], pck_certificate_chain: 'PEM' };
    expect(readCollateral(JSON.stringify(lists))).to.deep.equal({ collateral });
  });

  it('names everything that is missing or of another kind', () => {
    const broken = {
      ...collateral,
      tcb_info: {},
      pck_crl: 'PEM',
      root_ca_crl: [256],
      qe_identity: undefined,
    };
    expect(readCollateral(JSON.stringify(broken))).to.deep.equal({
      problem: 'tcb_info, qe_identity, root_ca_crl, pck_crl missing or of another kind',
    });
  });

  it('says what is no collateral at all', () => {
    expect(readCollateral('-----BEGIN')).to.deep.equal({ problem: 'it is not JSON' });
    expect(readCollateral('[]')).to.deep.equal({ problem: 'it is no map' });
  });
});
