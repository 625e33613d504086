import { fromBase64 } from '../manifest-check/decode-text.ts';

/** A recovery secret as a party has it. */
export interface OfferedSecret {
  /** The file that it comes from. */
  file: string;
  /** The name of its RecoveryKey, where the file tells it. */
  party: string | undefined;
  bytes: Buffer;
}

/** What a party without access to the cluster hands out: it was signed, and sealed for the Coordinator, elsewhere. */
export interface PreparedUpload {
  file: string;
  secret: Buffer;
  signature: Buffer;
}

/** What a file of a party holds. */
export type SecretFile = { secrets: OfferedSecret[] } | { upload: PreparedUpload };

/**
 * Reads what a party has: the file that `marblerun manifest set --recoverydata` saves, or the Coordinator's whole answer,
 * with the secrets of all parties; the body of an upload; or one secret alone, as it is or in base64. Throws a
 * SyntaxError on a file of neither kind.
 */
export function readSecretFile(file: string, content: Buffer): SecretFile {
  const text = textIn(content);
  if (text.startsWith('{')) return readJson(file, text);
  const decoded = /^[\w+/=\s]+$/.test(text) ? fromBase64(text.replaceAll(/\s/g, '')) : undefined;
  const bytes = decoded === undefined || decoded.length === 0 ? content : Buffer.from(decoded);
  if (bytes.length === 0) throw new SyntaxError('it is empty');
  return { secrets: [{ file, party: undefined, bytes }] };
}

/** Empty where it is no text: one of 256 encrypted secrets begins as JSON does. */
function textIn(content: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content).trim();
  } catch {
    return '';
  }
}

type Section = Readonly<Record<string, unknown>>;

function readJson(file: string, text: string): SecretFile {
  const document = JSON.parse(text) as Section;
  const data = isSection(document.data) ? document.data : document;
  const upload = preparedIn(file, data);
  if (upload !== undefined) return { upload };
  // MarbleRun v1.9.1 writes both: POST /api/v2/manifest has the one, POST /api/v2/update the other.
  const named = ['RecoverySecrets', 'recoverySecrets'].find((name) => name in data);
  const secrets = named === undefined ? data : data[named];
  const entries = isSection(secrets) ? Object.entries(secrets) : [];
  if (entries.length === 0) throw new SyntaxError('it has no RecoverySecrets');
  return {
    secrets: entries.map(([party, secret]) => ({
      file,
      party,
      bytes: bytesOf(secret, `the secret of ${party}`),
    })),
  };
}

function preparedIn(
  file: string,
  { recoverySecret, recoverySecretSignature }: Section,
): PreparedUpload | undefined {
  if (recoverySecret === undefined) return undefined;
  return {
    file,
    secret: bytesOf(recoverySecret, 'recoverySecret'),
    signature: bytesOf(recoverySecretSignature, 'recoverySecretSignature'),
  };
}

function bytesOf(value: unknown, name: string): Buffer {
  const bytes = typeof value === 'string' && value !== '' ? fromBase64(value) : undefined;
  if (bytes === undefined) throw new SyntaxError(`${name} is no base64`);
  return Buffer.from(bytes);
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
