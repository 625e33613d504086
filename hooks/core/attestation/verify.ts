import { X509Certificate } from 'node:crypto';
import { constants, Quote, QuoteVerifier, utils } from '@phala/dcap-qvl';
import type { Collateral } from './collateral.ts';
import type { PlatformTcb } from './judge.ts';
import { plainly } from './plain.ts';
import { commonName, revocationProblems } from './revocation.ts';

/** A quote and what it is verified with. */
export interface Verification {
  /** Without Open Enclave's header. */
  quote: Buffer;
  collateral: Collateral;
  /** Milliseconds since the epoch. */
  now: number;
  /** The certificate (DER) that everything has to lead to; Intel's is {@link intelRoot}. */
  trustAnchor: Buffer;
}

/** Intel's SGX root certificate (DER), as the DCAP library has it. */
export const intelRoot: Buffer = constants.TRUSTED_ROOT_CA_DER;

/** The state of the platform when an SGX CPU made this quote for its enclave; otherwise every reason to doubt it. */
export type Verified = { platform: PlatformTcb } | { problems: string[] };

/**
 * Verifies a quote with the DCAP library, and what that leaves out: that the revocation lists are Intel's and of this time,
 * and that each certificate is used for what it was issued for. Without the latter, the key of one CPU that has leaked could
 * vouch for any other.
 */
export function verifyQuote(verification: Verification): Verified {
  const byLibrary = runLibrary(verification);
  const problems = [
    ...('problem' in byLibrary ? [byLibrary.problem] : []),
    ...certificateProblems(verification),
  ];
  return 'platform' in byLibrary && problems.length === 0
    ? { platform: byLibrary.platform }
    : { problems: [...new Set(problems)] };
}

function runLibrary({
  quote,
  collateral,
  now,
  trustAnchor,
}: Verification): { platform: PlatformTcb } | { problem: string } {
  try {
    const verifier = QuoteVerifier.newWithRootCa(trustAnchor);
    const { status, advisory_ids } = verifier.verify(quote, collateral, Math.floor(now / 1000));
    return { platform: { status, advisories: advisory_ids } };
  } catch (error) {
    return { problem: plainly(error as Error) };
  }
}

function certificateProblems({ quote, collateral, now, trustAnchor }: Verification): string[] {
  try {
    const pck = chainOf(Buffer.from(Quote.parse(quote).rawCertChain()));
    const tcb = chainOf(Buffer.from(collateral.tcb_info_issuer_chain));
    const qe = chainOf(Buffer.from(collateral.qe_identity_issuer_chain));
    const roles = [
      ...misused(pck, 'Intel SGX PCK Certificate'),
      ...misused(tcb, 'Intel SGX TCB Signing'),
      ...misused(qe, 'Intel SGX TCB Signing'),
    ];
    const [machine, machineIssuer] = pck;
    if (machine === undefined || machineIssuer === undefined) return [noChain];
    const byRoot = {
      name: "Intel's root",
      der: Buffer.from(collateral.root_ca_crl, 'hex'),
      issuer: new X509Certificate(trustAnchor),
      certificates: [machineIssuer, ...tcb.slice(0, 1), ...qe.slice(0, 1)],
    };
    const byIssuer = {
      name: commonName(machineIssuer.subject),
      der: Buffer.from(collateral.pck_crl, 'hex'),
      issuer: machineIssuer,
      certificates: [machine],
    };
    return [...roles, ...[byRoot, byIssuer].flatMap((list) => revocationProblems(list, now))];
  } catch (error) {
    return [plainly(error as Error)];
  }
}

const noChain = 'the quote does not carry the certificates of its machine, as those of Open Enclave do';

function chainOf(pem: Buffer): X509Certificate[] {
  return utils.extractCerts(pem).map((der) => new X509Certificate(der));
}

/** Whether a chain's first certificate is for that use, and all others for issuing certificates. */
function misused([first, ...issuers]: readonly X509Certificate[], use: string): string[] {
  if (first !== undefined && commonName(first.subject) !== use) {
    return [
      `a certificate that is for ${commonName(first.subject)} was used as ${use}: the collateral was changed`,
    ];
  }
  return issuers
    .filter(({ ca }) => !ca)
    .map(
      ({ subject }) =>
        `${commonName(subject)} has issued a certificate and must not: the quote or the collateral was made up`,
    );
}
