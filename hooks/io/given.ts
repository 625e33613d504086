import { readFile } from 'node:fs/promises';
import { readPrivateKey, type PartyKey } from '../core/recovery/private-key.ts';
import { readSecretFile, type OfferedSecret, type PreparedUpload } from '../core/recovery/secret-file.ts';
import type { Given } from '../core/recovery/uploadable.ts';
import { SettingsError } from '../core/settings.ts';

/** The files that a party names. */
export interface GivenFiles {
  secrets: readonly string[];
  keys: readonly string[];
  signatures: readonly string[];
  /** Holds the passphrase of the keys; undefined where none is given. */
  passphraseFile: string | undefined;
}

/** Asks a person for the passphrase of a key; undefined where nobody can answer. */
export type AskPassphrase = ((file: string) => Promise<string>) | undefined;

/**
 * Reads what a party has. Secrets and passphrases come from files and from the terminal only, for arguments are seen by
 * everybody on the machine. Throws a SettingsError that names each file that cannot be used.
 */
export async function readGiven(files: GivenFiles, ask: AskPassphrase): Promise<Given> {
  const problems: string[] = [];
  const read = async (file: string): Promise<Buffer | undefined> => {
    try {
      return await readFile(file);
    } catch (error) {
      problems.push(`${file} cannot be read: ${(error as Error).message}`);
      return undefined;
    }
  };
  const secrets: OfferedSecret[] = [];
  const uploads: PreparedUpload[] = [];
  for (const file of files.secrets) {
    const content = await read(file);
    if (content === undefined) continue;
    try {
      const found = readSecretFile(file, content);
      if ('upload' in found) uploads.push(found.upload);
      else secrets.push(...found.secrets);
    } catch (error) {
      problems.push(`${file} holds no recovery secret: ${(error as Error).message}`);
    }
  }
  const signatures = (
    await Promise.all(files.signatures.map(async (file) => ({ file, bytes: await read(file) })))
  ).flatMap(({ file, bytes }) => (bytes === undefined ? [] : [{ file, bytes }]));
  const passphrase = files.passphraseFile === undefined ? undefined : await read(files.passphraseFile);
  const keys: PartyKey[] = [];
  for (const file of files.keys) {
    const pem = await read(file);
    if (pem === undefined) continue;
    const key = await keyIn(file, pem, passphrase?.toString('utf8').replace(/\r?\n$/, ''), ask);
    if (typeof key === 'string') problems.push(`${file} cannot be used: ${key}`);
    else keys.push(key);
  }
  if (problems.length > 0) throw new SettingsError(problems.join('\n'));
  return { secrets, keys, signatures, uploads };
}

/** The key, or why there is none. */
async function keyIn(
  file: string,
  pem: Buffer,
  passphrase: string | undefined,
  ask: AskPassphrase,
): Promise<PartyKey | string> {
  const plain = readPrivateKey(file, pem, undefined);
  if (plain.is === 'key') return plain.key;
  if (plain.is === 'refused') return plain.why;
  const typed = passphrase ?? (await ask?.(file));
  if (typed === undefined)
    return 'it has a passphrase: give that in a file with --passphrase-file, or run this in a terminal';
  const opened = readPrivateKey(file, pem, typed);
  if (opened.is === 'key') return opened.key;
  return opened.is === 'refused' ? opened.why : 'the passphrase is empty';
}
