/** What a Coordinator answered as its quote. `none` is what one answers that runs without an enclave. */
export type Enveloped = { kind: 'none' } | { kind: 'quote'; quote: Buffer } | { kind: 'unreadable' };

/** Open Enclave's oe_report_header_t: version 1, type 2 (SGX remote), and the quote's length in 64 bits; little-endian. */
const header = { bytes: 16, version: 1, type: 2 };

/** How an SGX quote begins: version 3, and in the next 16 bits the kind of its key, ECDSA over P-256. */
const quoteStart = 0x0002_0003;

/**
 * Takes Open Enclave's report header off a quote. Edgeless RT always puts it on (MarbleRun v1.9.1: util/util.go,
 * AddOEQuoteHeader), and no quote at all comes from OE_SIMULATION, a build without an enclave, or a node that cannot quote
 * (coordinator/core/core.go, GenerateQuote).
 */
export function unwrap(bytes: Buffer): Enveloped {
  if (bytes.length === 0) return { kind: 'none' };
  const quote = isWrapped(bytes) ? bytes.subarray(header.bytes) : bytes;
  return quote.length >= 4 && quote.readUInt32LE(0) === quoteStart
    ? { kind: 'quote', quote }
    : { kind: 'unreadable' };
}

function isWrapped(bytes: Buffer): boolean {
  return (
    bytes.length > header.bytes &&
    bytes.readUInt32LE(0) === header.version &&
    bytes.readUInt32LE(4) === header.type &&
    bytes.readBigUInt64LE(8) === BigInt(bytes.length - header.bytes)
  );
}
