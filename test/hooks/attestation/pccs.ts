import type { Collateral } from '../../../hooks/core/attestation/collateral.ts';
import { serve, type Answer, type TestServer } from '../server.ts';
import type { Machine } from './machine.ts';

/** How services send a revocation list. */
export type ListForm = 'hex' | 'pem' | 'bytes';

/** A real HTTP server that answers as a PCCS does (API v4), with revocation lists in one form or another. */
export async function servePccs(
  { collateral }: Pick<Machine, 'collateral'>,
  { lists = 'hex', other = {} }: { lists?: ListForm; other?: Record<string, Answer> } = {},
): Promise<TestServer> {
  const answers = { ...answersFrom(collateral, lists), ...other };
  return await serve(({ path }) => answers[path] ?? { status: 404, body: 'No cache data' });
}

function answersFrom(collateral: Collateral, lists: ListForm): Record<string, Answer> {
  const api = '/sgx/certification/v4';
  const { fmspc } = JSON.parse(collateral.tcb_info) as { fmspc: string };
  const list = (hex: string) => ({ hex, pem: pemOf(hex), bytes: Buffer.from(hex, 'hex') })[lists];
  const signed = (name: string, text: string, signature: string) =>
    `{"${name}":${text},"signature":"${signature}"}`;
  const chain = (pem: string) => encodeURIComponent(pem);
  return {
    [`${api}/pckcrl?ca=${caOf(collateral)}`]: {
      status: 200,
      headers: { 'SGX-PCK-CRL-Issuer-Chain': chain(collateral.pck_crl_issuer_chain) },
      body: list(collateral.pck_crl),
    },
    [`${api}/tcb?fmspc=${fmspc}`]: {
      status: 200,
      headers: { 'TCB-Info-Issuer-Chain': chain(collateral.tcb_info_issuer_chain) },
      body: signed('tcbInfo', collateral.tcb_info, collateral.tcb_info_signature),
    },
    [`${api}/qe/identity`]: {
      status: 200,
      headers: { 'SGX-Enclave-Identity-Issuer-Chain': chain(collateral.qe_identity_issuer_chain) },
      body: signed('enclaveIdentity', collateral.qe_identity, collateral.qe_identity_signature),
    },
    [`${api}/rootcacrl`]: { status: 200, body: list(collateral.root_ca_crl) },
  };
}

function caOf({ pck_crl }: Collateral): string {
  return Buffer.from(pck_crl, 'hex').includes('Platform CA') ? 'platform' : 'processor';
}

function pemOf(hex: string): string {
  return `-----BEGIN X509 CRL-----\n${Buffer.from(hex, 'hex').toString('base64')}\n-----END X509 CRL-----\n`;
}
