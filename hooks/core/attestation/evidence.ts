import { createHash } from 'node:crypto';
import { Quote } from '@phala/dcap-qvl';

/** What a quote says of the enclave that it was made for. Not verified: anybody can write this down. */
export interface Evidence {
  /** MRENCLAVE, in hexadecimal. */
  uniqueId: string;
  /** MRSIGNER, in hexadecimal. */
  signerId: string;
  productId: number;
  securityVersion: number;
  /** The enclave can be read by whoever runs the machine. */
  debug: boolean;
  /** The first 32 bytes of what the enclave had put into the quote, in hexadecimal. The Coordinator leaves the others 0. */
  reportData: string;
}

/** The bit of an enclave's attributes that stands for debug mode (Intel SDM, SGX attributes). */
const debugBit = 0x02;

/** Reads a quote without Open Enclave's header; undefined when it is no SGX quote, or is cut off. */
export function evidenceOf(quote: Buffer): Evidence | undefined {
  const report = sgxReport(quote);
  if (report === undefined) return undefined;
  const [attributes = 0] = report.attributes;
  return {
    uniqueId: Buffer.from(report.mrEnclave).toString('hex'),
    signerId: Buffer.from(report.mrSigner).toString('hex'),
    productId: report.isvProdId,
    securityVersion: report.isvSvn,
    debug: (attributes & debugBit) !== 0,
    reportData: Buffer.from(report.reportData.subarray(0, 32)).toString('hex'),
  };
}

function sgxReport(quote: Buffer) {
  try {
    return Quote.parse(quote).report.asSgx() ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * What the Coordinator puts into the quote for its root certificate (DER), in hexadecimal: SHA-256 of the certificate, and
 * of the nonce after it where one was sent (MarbleRun v1.9.1: coordinator/clientapi/clientapi.go, GetCertQuote).
 */
export function reportDataFor(rootCertificate: Buffer, nonce: Buffer): string {
  return createHash('sha256').update(rootCertificate).update(nonce).digest('hex');
}
