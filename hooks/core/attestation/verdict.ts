import { evidenceOf, reportDataFor } from './evidence.ts';
import type { Expectation } from './expectation.ts';
import { differences, judgePlatform } from './judge.ts';
import { verifyQuote, type Verification } from './verify.ts';

/** A quote, what it is for, and what is expected of it. */
export interface Question extends Verification {
  expected: Expectation;
  /** The certificate (DER) that the Coordinator handed out with the quote. */
  rootCertificate: Buffer;
  /** What was sent along to be quoted; empty where nothing was. */
  nonce: Buffer;
}

/** Whether the Coordinator is the expected one: it is when there is no reason against it. */
export interface Verdict {
  reasons: string[];
  warnings: string[];
}

/** Everything that speaks against the Coordinator at once, so that one run tells it all. */
export function verdictOn(question: Question): Verdict {
  const { quote, expected, rootCertificate, nonce } = question;
  const evidence = evidenceOf(quote);
  if (evidence === undefined) {
    return { reasons: ['the quote cannot be read: it is cut off, or no SGX DCAP quote'], warnings: [] };
  }
  const verified = verifyQuote(question);
  const different = differences(evidence, expected, reportDataFor(rootCertificate, nonce));
  if ('problems' in verified) {
    return { reasons: [...new Set([...verified.problems, ...different])], warnings: [] };
  }
  const platform = judgePlatform(verified.platform, expected);
  return { reasons: [...different, ...platform.reasons], warnings: platform.warnings };
}
