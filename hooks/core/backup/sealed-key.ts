/** What a key begins with that a hardware security module wraps (MarbleRun v1.9.0, coordinator/seal). */
const hsmPrefix = 'HSM_SEALED';
/** Length of the header that says how long the key information is (EGo v1.9.0, ecrypto). */
const headerBytes = 4;
/** AES-GCM's nonce and tag, and the shortest key that was ever sealed: 16 bytes, up to MarbleRun v1.8. */
const shortestCiphertext = 12 + 16 + 16;

/**
 * Whether the file `sealed_key` is of use to nobody but an enclave or an HSM. An enclave writes the length of its key
 * information (uint32, little endian), that information and an AES-GCM ciphertext; a build without an enclave writes
 * the bare key of 16 bytes (up to v1.8) or 32 (from v1.9). What is not known to be sealed counts as bare.
 */
export function isSealedKey(key: Uint8Array): boolean {
  if (new TextDecoder().decode(key.subarray(0, hsmPrefix.length)) === hsmPrefix) return true;
  if (key.length < headerBytes) return false;
  const information = new DataView(key.buffer, key.byteOffset).getUint32(0, true);
  return information > 0 && headerBytes + information + shortestCiphertext <= key.length;
}
