/** Why nothing is sent to an enclave in debug mode, whatever an era file allows (key Debug). */
export const inDebugMode =
  'an enclave behind the quote runs in debug mode, in which whoever runs the machine can read it: never send it a secret';

/** What an error of the DCAP library (@phala/dcap-qvl 0.3.9, src/verify.js) means, and what to do. First match counts. */
const sentences: readonly (readonly [RegExp, string])[] = [
  [
    /issue date is in the future/,
    "the collateral is from the future: set this machine's clock, or fetch the collateral again",
  ],
  [
    /(TCBInfo|QE Identity) expired/,
    "the collateral has expired: fetch it again, or set this machine's clock",
  ],
  [
    /expired or not yet valid/,
    "a certificate of the quote or of the collateral is not valid at this time: set this machine's clock, or fetch the collateral again",
  ],
  [
    /Certificate is revoked/,
    'Intel has revoked a certificate behind this quote: the machine is not to be trusted any more',
  ],
  [
    /TCB status is invalid: Revoked/,
    'Intel has revoked the TCB of the platform (TCB status Revoked): the machine is not to be trusted any more',
  ],
  [
    /ISV enclave report signature|qe_report in quote|QE report hash/,
    'the quote is not what an SGX CPU has signed: it was changed on the way, or made up',
  ],
  [
    /Signature is invalid for (tcb_info|qe_identity)/,
    'the collateral is not what Intel has signed: fetch it again',
  ],
  [
    /certificate chain|CaUsedAsEndEntity|PCK certificates/i,
    "the quote's or the collateral's certificates do not lead to Intel's root: it is no SGX quote, or the collateral was changed",
  ],
  [
    /Fmspc mismatch|non-SGX TCB info|Unsupported QE Identity/,
    'the collateral is for another kind of machine: fetch that for this quote',
  ],
  [
    /No matching TCB level|QE ISVSVN/,
    "the platform's firmware is older than any that Intel tells of: have it updated",
  ],
  [/Debug mode/, inDebugMode],
  [/^QE /, 'the quote was not made by the quoting enclave that Intel identifies'],
  [/Failed to decode (TcbInfo|QeIdentity)/, 'the collateral cannot be read: fetch it again'],
  [
    /Failed to decode quote|^Unsupported DCAP|must have version/,
    'the quote is of no kind that can be verified (SGX DCAP, version 3)',
  ],
];

/** The sentence for an error of the library, with its own words where there is none. */
export function plainly({ message }: Error): string {
  const sentence = sentences.find(([pattern]) => pattern.test(message))?.[1];
  return sentence ?? `the quote could not be verified: ${message}`;
}
