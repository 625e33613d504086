import type { KeyObject } from 'node:crypto';

/** A place in which a secret stands that must not be there. Never holds the secret itself. */
export interface Leak {
  readonly secret: string;
  readonly place: string;
}

/** Shorter ones would be found where they are not. */
const shortestBytes = 12;
/** How much of an encoded secret is looked up in one step. */
const gram = 12;

/**
 * The secrets of a run, each in every form in which it could leak: as text, in base64 at any offset inside something
 * longer, in hex, as lines of a PEM file, and once more in base64 (a ConfigMap's binaryData, a file in an archive).
 */
export class Secrets {
  private readonly texts = new Map<string, string>();
  private readonly encoded = new Map<string, { form: string; secret: string }[]>();

  /** Adds a secret under a name that may be shown. Adding it again does nothing. */
  add(name: string, value: string | Uint8Array): void {
    const bytes = Buffer.from(value as Uint8Array);
    if (bytes.length < shortestBytes) throw new Error(`${name} is too short to be told from other text`);
    const text = bytes.toString('utf8');
    if (/^[\x20-\x7e\r\n\t]+$/.test(text)) {
      this.texts.set(text, name);
      this.texts.set(JSON.stringify(text).slice(1, -1), name);
    }
    const forms = [...base64Forms(bytes), bytes.toString('hex'), bytes.toString('hex').toUpperCase()];
    const again = [bytes.toString('base64'), bytes.toString('hex'), text].flatMap((form) =>
      base64Forms(Buffer.from(form)),
    );
    for (const form of [...forms, ...again]) this.index(form, name);
  }

  /** Adds an RSA private key: its secret numbers, and the lines of its PEM files that hold them. */
  addKey(name: string, key: KeyObject): void {
    const { d = '', p = '', q = '' } = key.export({ format: 'jwk' });
    const numbers = [d, p, q].map((number) => Buffer.from(number, 'base64url'));
    for (const number of numbers) this.add(name, number);
    for (const type of ['pkcs1', 'pkcs8'] as const) {
      // The public modulus stands before the secret exponent (RFC 8017, A.1.2).
      const start = key.export({ type, format: 'der' }).indexOf(numbers[0] ?? '');
      const [, ...lines] = key.export({ type, format: 'pem' }).toString().trim().split('\n');
      const secretLines = lines
        .slice(0, -1)
        .filter((line, index) => index * 48 >= start && line.length === 64);
      for (const line of secretLines) this.index(line, name);
    }
  }

  /** Every secret that stands in a text, by name, once each. */
  find(text: string): string[] {
    const found = new Set<string>();
    for (const [needle, name] of this.texts) if (text.includes(needle)) found.add(name);
    for (const run of unwrapped(text).split(/[^A-Za-z0-9+/=_-]+/)) {
      for (let at = 0; at + gram <= run.length; at++) {
        const candidates = this.encoded.get(run.slice(at, at + gram)) ?? [];
        candidates.filter(({ form }) => run.startsWith(form, at)).forEach(({ secret }) => found.add(secret));
      }
    }
    return [...found];
  }

  /** Every secret that stands in a text, as leaks at a place. */
  leaks(place: string, text: string): Leak[] {
    return this.find(text).map((secret) => ({ secret, place }));
  }

  private index(form: string, secret: string): void {
    const known = this.encoded.get(form.slice(0, gram)) ?? [];
    if (known.some((each) => each.form === form)) return;
    this.encoded.set(form.slice(0, gram), [...known, { form, secret }]);
  }
}

/** The secrets of this test run. Tests add what they make; the scan after each cluster suite looks for them. */
export const secrets = new Secrets();

/** Base64 of the bytes as they come out at each of the three offsets inside something longer, in both alphabets. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // What also depends on the neighbours is left out at both ends.
    const first = offset === 0 ? 0 : offset + 1;
    const last = (offset + bytes.length) % 3 === 0 ? padded.length : padded.length - 1;
    const form = padded.slice(first, last);
    return [form, form.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Joins long lines of encoded text, as base64, PEM and JSON break them. */
function unwrapped(text: string): string {
  return text.replace(/(?<=[A-Za-z0-9+/_-]{40})(?:\r?\n|\\r\\n|\\n)[ \t]*/g, '');
}
