import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readPrivateKey, sealedFor, type PartyKey } from '../../../../hooks/core/recovery/private-key.ts';
import type { OfferedSecret } from '../../../../hooks/core/recovery/secret-file.ts';

/** A party with its key pair. */
export interface TestParty {
  name: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
  /** As `readPrivateKey` reads it, from NAME.pem. */
  key: PartyKey;
}

/** A party with a new key; small, so that tests are quick. */
export function party(name: string): TestParty {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const read = readPrivateKey(`${name}.pem`, pem, undefined);
  if (read.is !== 'key') throw new Error(`the key of ${name} cannot be read`);
  return { name, publicKey, privateKey, key: read.key };
}

/** The secret of a party as the Coordinator answers it, in a file. */
export function encryptedFor(
  { name, publicKey }: TestParty,
  secret: Buffer,
  file = `${name}.enc`,
): OfferedSecret {
  return { file, party: undefined, bytes: sealedFor(publicKey, secret) };
}
