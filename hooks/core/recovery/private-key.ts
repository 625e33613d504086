import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  privateDecrypt,
  publicEncrypt,
  sign,
  type KeyObject,
} from 'node:crypto';

/** A private key of a party. */
export interface PartyKey {
  /** The file that it comes from. */
  file: string;
  key: KeyObject;
  /** SHA-256 of its public key in DER (PKIX), in hex, as the record has it. */
  digest: string;
}

/** What a file with a private key turned out to be. */
export type ReadKey = { is: 'key'; key: PartyKey } | { is: 'locked' } | { is: 'refused'; why: string };

/** What OpenSSL says to a key with a passphrase when it is given none (Node 24). */
const noPassphrase = ['ERR_MISSING_PASSPHRASE', 'ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED'];

/**
 * Reads a private key in PEM: PKCS #8 or PKCS #1, with or without a passphrase. MarbleRun knows RSA keys only
 * (v1.9.1: coordinator/crypto/crypto.go).
 */
export function readPrivateKey(file: string, pem: Buffer, passphrase: string | undefined): ReadKey {
  try {
    const key = createPrivateKey({
      key: pem,
      format: 'pem',
      ...(passphrase === undefined ? {} : { passphrase }),
    });
    if (key.asymmetricKeyType !== 'rsa') {
      return {
        is: 'refused',
        why: `it is a key for ${key.asymmetricKeyType ?? 'something else'}, and a RecoveryKey is an RSA key`,
      };
    }
    const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
    return { is: 'key', key: { file, key, digest: createHash('sha256').update(der).digest('hex') } };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (noPassphrase.includes(code)) return { is: 'locked' };
    // Not by what OpenSSL says to a wrong one: one of 256 seems to open it, and what comes of it is no key.
    const locked = passphrase !== undefined && readPrivateKey(file, pem, undefined).is === 'locked';
    if (locked) return { is: 'refused', why: 'the passphrase does not open it' };
    return { is: 'refused', why: 'it is no private key in PEM (PKCS #8 or PKCS #1)' };
  }
}

/** RSA-OAEP with SHA-256 for hash and mask and no label (v1.9.1: util.EncryptOAEP). */
const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };

/** The secret in plain; undefined where it was encrypted for another key. */
export function opened({ key }: PartyKey, secret: Buffer): Buffer | undefined {
  try {
    return privateDecrypt({ key, ...oaep }, secret);
  } catch {
    return undefined;
  }
}

/** The signature of a secret in plain, which shows that its sender has the RecoveryKey (v1.9.1: util.SignPKCS1v15). */
export function signatureOf({ key }: PartyKey, secret: Buffer): Buffer {
  return sign('sha256', secret, key);
}

/** The secret in plain, encrypted for a Coordinator's ephemeral key. */
export function sealedFor(ephemeral: KeyObject, secret: Buffer): Buffer {
  return publicEncrypt({ key: ephemeral, ...oaep }, secret);
}
