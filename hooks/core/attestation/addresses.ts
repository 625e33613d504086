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
 * The addresses at a provisioning certificate caching service (PCCS), given with the path of its API or without, and
 * with what it wants in the query; at Intel's own service where it is undefined. That has no list of what the root has revoked: the root certificate (DER) says where it
 * is. Throws an Error when the quote does not say what kind of machine it comes from.
 */
export function collateralAddresses(pccs: string | undefined, quote: Buffer, trustAnchor: Buffer): Addresses {
  const at = (path: string, query: Readonly<Record<string, string>> = {}): string => {
    const url = new URL(pccs ?? INTEL_PCS_URL);
    const service = url.pathname.replace(/\/+$/, '').replace(/\/sgx\/certification\/v\d$/, '');
    url.pathname = `${service}/sgx/certification/v4/${path}`;
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.href;
  };
  const { fmspc, ca } = machineOf(quote);
  return {
    pckCrl: at('pckcrl', { ca }),
    rootCrl: pccs === undefined ? (utils.extractCrlUrl(trustAnchor) ?? '') : at('rootcacrl'),
    tcbInfo: at('tcb', { fmspc }),
    qeIdentity: at('qe/identity'),
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
