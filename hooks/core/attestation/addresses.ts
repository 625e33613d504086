import { X509Certificate } from 'node:crypto';
import { INTEL_PCS_URL, Quote, utils } from '@phala/dcap-qvl';
import { commonName } from './revocation.ts';

/** Where each part of the collateral for a quote is (version 4 of Intel's API, which a PCCS has too). */
export interface Addresses {
  pckCrl: string;
  rootCrl: string;
  tcbInfo: string;
  qeIdentity: string;
}

/**
 * The addresses at a provisioning certificate caching service (PCCS), given with the path of its API or without; at Intel's
 * own service where it is undefined. That has no list of what the root has revoked: the root certificate (DER) says where it
 * is. Throws an Error when the quote does not say what kind of machine it comes from.
 */
export function collateralAddresses(pccs: string | undefined, quote: Buffer, trustAnchor: Buffer): Addresses {
  const service = (pccs ?? INTEL_PCS_URL).replace(/\/+$/, '').replace(/\/sgx\/certification\/v\d$/, '');
  const api = `${service}/sgx/certification/v4`;
  const { fmspc, ca } = machineOf(quote);
  return {
    pckCrl: `${api}/pckcrl?ca=${ca}`,
    rootCrl: pccs === undefined ? (utils.extractCrlUrl(trustAnchor) ?? '') : `${api}/rootcacrl`,
    tcbInfo: `${api}/tcb?fmspc=${fmspc}`,
    qeIdentity: `${api}/qe/identity`,
  };
}

/** The kind of a machine, and which of Intel's two authorities has certified it: that for one socket or for several. */
function machineOf(quote: Buffer): { fmspc: string; ca: 'processor' | 'platform' } {
  const [certificate] = utils.extractCerts(Buffer.from(Quote.parse(quote).rawCertChain()));
  if (certificate === undefined) throw new Error('the quote does not carry the certificates of its machine');
  const fmspc = utils.getFmspc(utils.getIntelExtension(certificate));
  const issuer = commonName(new X509Certificate(certificate).issuer);
  return {
    fmspc: fmspc.toString('hex').toUpperCase(),
    ca: /platform/i.test(issuer) ? 'platform' : 'processor',
  };
}
