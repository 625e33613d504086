import type { Evidence } from './evidence.ts';
import type { Expectation } from './expectation.ts';
import { inDebugMode } from './plain.ts';

/** What Intel's collateral says of the platform that a quote comes from. */
export interface PlatformTcb {
  /** Such as UpToDate or SWHardeningNeeded. */
  status: string;
  /** Intel Security Advisories that are open on it, such as INTEL-SA-00289. */
  advisories: readonly string[];
}

/**
 * Everything in which an enclave differs from the expected one; empty when nothing does. As MarbleRun compares it
 * (v1.9.1: api/attestation/attestation.go, verifyReport), but for a debug enclave, which is never accepted.
 */
export function differences(evidence: Evidence, expected: Expectation, reportData: string): string[] {
  const { uniqueId, signerId, productId, securityVersion } = expected;
  const differs = (name: string, wanted: string | number, found: string | number) =>
    wanted === '' || wanted === 0 || wanted === found
      ? []
      : [`${name}: expected ${wanted}, and the enclave has ${found}`];
  return [
    ...differs('UniqueID', uniqueId, evidence.uniqueId),
    ...differs('SignerID', signerId, evidence.signerId),
    ...differs('ProductID', productId, evidence.productId),
    ...(evidence.securityVersion < securityVersion
      ? [
          `SecurityVersion: expected ${securityVersion} or higher, and the enclave has ${evidence.securityVersion}`,
        ]
      : []),
    ...(evidence.debug ? [inDebugMode] : []),
    ...(evidence.reportData === reportData
      ? []
      : [
          `the quote was not made for the certificate and the nonce of this request: expected report data ${reportData}, ` +
            `and it has ${evidence.reportData}; it may be an old quote, or somebody is in between`,
        ]),
  ];
}

/**
 * Whether the platform is in a state that is accepted: reasons why not, and warnings where it is accepted only because it
 * was listed. As in MarbleRun (v1.9.1: internal/tcb/tcb.go), UpToDate always is, and advisories matter with
 * SWHardeningNeeded alone.
 */
export function judgePlatform(
  { status, advisories }: PlatformTcb,
  { acceptedTcbStatuses, acceptedAdvisories }: Expectation,
): { reasons: string[]; warnings: string[] } {
  if (status === 'UpToDate') return { reasons: [], warnings: [] };
  const open = advisories.length > 0 ? ` (${advisories.join(', ')})` : '';
  if (!acceptedTcbStatuses.includes(status)) {
    return {
      reasons: [
        `TCB status: expected UpToDate${acceptedTcbStatuses.map((one) => (one === 'UpToDate' ? '' : ` or ${one}`)).join('')}, ` +
          `and the platform has ${status}${open}; have its firmware updated, or accept the status after you have read the advisories`,
      ],
      warnings: [],
    };
  }
  const accepted = acceptedAdvisories.map((advisory) => advisory.toUpperCase());
  const others = advisories.filter((advisory) => !accepted.includes(advisory.toUpperCase()));
  if (status === 'SWHardeningNeeded' && accepted.length > 0 && others.length > 0) {
    return {
      reasons: [
        `advisories: expected none but ${acceptedAdvisories.join(', ')}, and the platform has ${others.join(', ')}`,
      ],
      warnings: [],
    };
  }
  return { reasons: [], warnings: [`the platform's TCB status is ${status}${open}, which is accepted`] };
}
