import { opened, signatureOf, type PartyKey } from './private-key.ts';
import type { OfferedSecret, PreparedUpload } from './secret-file.ts';

/** A secret that is ready to be uploaded. */
export interface Uploadable {
  /** The file that it comes from. */
  file: string;
  /** The party whose secret it is; undefined where nothing tells. */
  party: string | undefined;
  secret: Buffer;
  /** False where it was encrypted for the Coordinator elsewhere. */
  plain: boolean;
  /** Undefined where nobody signed it, which is enough for a Coordinator before v1.7. */
  signature: Buffer | undefined;
}

/** A signature that was made elsewhere. */
export interface Signature {
  file: string;
  bytes: Buffer;
}

/** What a person gave. */
export interface Given {
  secrets: readonly OfferedSecret[];
  keys: readonly PartyKey[];
  signatures: readonly Signature[];
  uploads: readonly PreparedUpload[];
}

/** What comes of it; each problem says what to give instead. */
export interface Matched {
  uploads: Uploadable[];
  problems: string[];
}

/**
 * Lengths of a secret in plain: the key of 16 or 32 bytes, a share of 32 (all parties) or 33 (a threshold). The Coordinator,
 * too, tells by the length whether one is encrypted (v1.9.1: coordinator/server/v2, RecoverPost).
 */
const plainLengths = [16, 32, 33];

/**
 * Finds out which key belongs to which secret: the one that opens it. What no key opens goes with a signature that was made
 * elsewhere; a secret in plain, else, is signed with a key that opened none. Both are taken in the order in which they were
 * given. `names` are the parties by the digest of their key.
 */
export function match(given: Given, names: ReadonlyMap<string, string>): Matched {
  const matching = new Matching(given, names);
  for (const { file, secret, signature } of given.uploads) {
    matching.uploads.push({ file, party: undefined, secret, plain: isPlain(secret), signature });
  }
  const closed = given.secrets.filter((offered) => !matching.open(offered));
  // Each party has the file with the secrets of all, and opens its own.
  const files = new Set(matching.uploads.map(({ file }) => file));
  for (const offered of closed) {
    if (isPlain(offered.bytes) || !files.has(offered.file)) matching.sign(offered);
  }
  return { uploads: matching.uploads, problems: [...matching.problems, ...matching.leftOver()] };
}

class Matching {
  readonly uploads: Uploadable[] = [];
  readonly problems: string[] = [];
  readonly #keys: readonly PartyKey[];
  readonly #unused: Set<PartyKey>;
  readonly #signatures: Signature[];
  readonly #names: ReadonlyMap<string, string>;

  constructor({ keys, signatures }: Given, names: ReadonlyMap<string, string>) {
    this.#keys = keys;
    this.#unused = new Set(keys);
    this.#signatures = [...signatures];
    this.#names = names;
  }

  /** Takes a secret that one of the keys opens; false where none does. */
  open({ file, party, bytes }: OfferedSecret): boolean {
    if (isPlain(bytes)) return false;
    for (const key of this.#keys) {
      const secret = opened(key, bytes);
      if (secret === undefined) continue;
      this.#take(key, { file, party, secret });
      return true;
    }
    return false;
  }

  /** Takes a secret with a signature, or with a key to sign it with. */
  sign({ file, party, bytes: secret }: OfferedSecret): void {
    const plain = isPlain(secret);
    const signature = this.#signatures.shift()?.bytes;
    const [key] = plain && signature === undefined ? this.#unused : [];
    if (key !== undefined) this.#take(key, { file, party, secret });
    else if (plain || signature !== undefined) this.uploads.push({ file, party, secret, plain, signature });
    else this.problems.push(this.#locked(file));
  }

  #take(key: PartyKey, { file, party, secret }: Pick<Uploadable, 'file' | 'party' | 'secret'>): void {
    this.#unused.delete(key);
    const name = party ?? this.#names.get(key.digest);
    this.uploads.push({ file, party: name, secret, plain: true, signature: signatureOf(key, secret) });
  }

  #locked(file: string): string {
    if (this.#keys.length === 0)
      return `${file} is encrypted: give the private key of its RecoveryKey with --key`;
    const tried = this.#keys.map((key) => key.file).join(', ');
    return `${file} opens with none of the keys (${tried}): give that of its RecoveryKey with --key`;
  }

  /** What was given and belongs to nothing. */
  leftOver(): string[] {
    return [
      ...[...this.#unused].map(
        ({ file }) => `${file} is the key of none of the secrets: give its secret with --secret`,
      ),
      ...this.#signatures.map(
        ({ file }) => `${file} is the signature of none of the secrets: give that with --secret`,
      ),
    ];
  }
}

function isPlain({ length }: Buffer): boolean {
  return plainLengths.includes(length);
}

/** Whose secret it is, for people. */
export function titleOf({ file, party }: Pick<Uploadable, 'file' | 'party'>): string {
  return party === undefined ? file : `${party} (${file})`;
}
