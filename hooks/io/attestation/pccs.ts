import type { Addresses } from '../../core/attestation/addresses.ts';
import type { Collateral } from '../../core/attestation/collateral.ts';
import { shownUrl } from '../../core/shown-url.ts';
import { send, type HttpResponse } from '../http.ts';

const tryMilliseconds = 20_000;

/**
 * Fetches collateral. Rejects with an Error that names the request. What comes back is not to be trusted more than any file:
 * it is Intel's signatures that count.
 *
 * Not by the DCAP library's getCollateral: at 0.3.9 that asks for the revocation list of single-socket machines whatever
 * the machine is, and can be neither stopped nor bounded.
 */
export async function fetchCollateral(addresses: Addresses, signal: AbortSignal): Promise<Collateral> {
  const [pckCrl, rootCrl, tcb, qe] = await Promise.all([
    get(addresses.pckCrl, signal),
    get(addresses.rootCrl, signal),
    get(addresses.tcbInfo, signal),
    get(addresses.qeIdentity, signal),
  ]);
  const { tcbInfo, signature: tcbSignature } = JSON.parse(tcb.body) as {
    tcbInfo: unknown;
    signature: string;
  };
  const { enclaveIdentity, signature } = JSON.parse(qe.body) as {
    enclaveIdentity: unknown;
    signature: string;
  };
  return {
    pck_crl_issuer_chain: chainIn(pckCrl, 'sgx-pck-crl-issuer-chain'),
    root_ca_crl: listOf(rootCrl.body),
    pck_crl: listOf(pckCrl.body),
    tcb_info_issuer_chain: chainIn(tcb, 'tcb-info-issuer-chain', 'sgx-tcb-info-issuer-chain'),
    tcb_info: JSON.stringify(tcbInfo),
    tcb_info_signature: tcbSignature,
    qe_identity_issuer_chain: chainIn(qe, 'sgx-enclave-identity-issuer-chain'),
    qe_identity: JSON.stringify(enclaveIdentity),
    qe_identity_signature: signature,
  };
}

async function get(url: string, signal: AbortSignal): Promise<HttpResponse> {
  const what = `GET ${shownUrl(url, ['ca', 'fmspc'])}`;
  const response = await send({
    url,
    method: 'GET',
    // A revocation list may come as it is, in bytes.
    encoding: 'latin1',
    timeoutMilliseconds: tryMilliseconds,
    signal,
  }).catch((cause: unknown) => {
    throw new Error(`${what} failed: ${(cause as Error).message}`, { cause });
  });
  if (response.status !== 200) throw new Error(`${what} answered ${response.status}`);
  return response;
}

/** A chain of certificates comes in a header, URL-encoded; its name differs between versions. */
function chainIn({ headers }: HttpResponse, ...names: string[]): string {
  const value = names.map((name) => headers[name]).find((found) => typeof found === 'string');
  if (typeof value !== 'string') throw new Error(`the answer has no header ${names.join(' or ')}`);
  return decodeURIComponent(value);
}

/** A revocation list in hexadecimal: Intel sends PEM or bytes, a PCCS hexadecimal text. */
function listOf(body: string): string {
  const pem = /-----BEGIN X509 CRL-----([^-]+)-----END X509 CRL-----/.exec(body)?.[1];
  if (pem !== undefined) return Buffer.from(pem, 'base64').toString('hex');
  return /^[0-9a-f\s]+$/i.test(body) ? body.trim() : Buffer.from(body, 'latin1').toString('hex');
}
