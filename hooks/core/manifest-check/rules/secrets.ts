import { isBefore } from '../../releases.ts';
import type { Problem } from '../findings.ts';
import type { Manifest, Secret } from '../model.ts';
import { doubtful, oneOf, refused } from '../problem.ts';
import { secretTypes } from '../words.ts';

const types: readonly string[] = secretTypes;

/** Most bits that a key of a single Marble can be derived with: 255 blocks of SHA-256 (RFC 5869, HKDF). */
const mostDerived = 255n * 256n;

/** Fewer bits make no RSA key from v1.9.0 on (Go 1.24 and later, crypto/rsa); before, there must only be room for two primes. */
const leastRsa = 1024n;

/** From here on, making one RSA key takes minutes. */
const manyRsa = 8192n;

/** Keys and certificates for Marbles (v1.9.1: coordinator/manifest/manifest.go, Check; coordinator/core/core.go, GenerateSecrets). */
export function checkSecrets({ Secrets }: Manifest, version: string): Problem[] {
  return [...Secrets].flatMap(([name, secret]) => {
    if (!types.includes(secret.Type)) {
      const message = `The Secret ${name} has the Type ${JSON.stringify(secret.Type)}, which there is not.`;
      return [refused('secret-type-unknown', ['Secrets', name, 'Type'], message, oneOf(secret.Type, types))];
    }
    return [...validity(name, secret), ...size(name, secret, version), ...subject(name, secret)];
  });
}

function validity(name: string, { Type, Cert, ValidFor }: Secret): Problem[] {
  const zeroTime = Cert.NotAfter === '' || /^0001-01-01T00:00:00(\.0+)?Z$/.test(Cert.NotAfter);
  if (!Type.startsWith('cert-') || zeroTime || ValidFor === 0n) return [];
  const message = `The Secret ${name} has both Cert.NotAfter and ValidFor.`;
  return [refused('secret-validity', ['Secrets', name, 'ValidFor'], message, 'Keep one of the two.')];
}

function size(name: string, secret: Secret, version: string): Problem[] {
  const { Type, Size, UserDefined } = secret;
  const path = ['Secrets', name, 'Size'];
  if (UserDefined) {
    const unusable = Type === 'symmetric-key' && (Size === 0n || Size % 8n !== 0n);
    const message = `The Secret ${name} has Size ${Size}: the Coordinator will take no key for it.`;
    return unusable ? [doubtful('secret-size', path, message, 'Give its bits, a multiple of 8.')] : [];
  }
  if (Type === 'plain') {
    const message = `The Secret ${name} is plain, but not UserDefined: the Coordinator makes no such secrets.`;
    const remedy = 'Set UserDefined: true, or take Type symmetric-key.';
    return [refused('secret-not-generated', ['Secrets', name], message, remedy)];
  }
  const must = sizeRule(secret, version);
  if (must !== undefined) {
    return [
      refused('secret-size', path, `The Secret ${name} (${Type}) has Size ${Size}.`, `It must be ${must}.`),
    ];
  }
  if (Type !== 'cert-rsa' || Size <= manyRsa) return [];
  const message = `The Secret ${name} has ${Size} bits: the Coordinator makes such a key each time a Marble starts, which takes minutes.`;
  return [doubtful('secret-size', path, message, 'Take 3072 or 4096.')];
}

/** What the size must be; undefined when it is. */
function sizeRule({ Type, Size, Shared }: Secret, version: string): string | undefined {
  switch (Type) {
    case 'symmetric-key':
      if (Size === 0n || Size % 8n !== 0n) return 'a number of bits above 0, a multiple of 8';
      return !Shared && Size > mostDerived ? `at most ${mostDerived}, unless it is Shared` : undefined;
    case 'cert-ed25519':
      return Size === 0n ? undefined : 'left out: there is one size only';
    case 'cert-ecdsa':
      return [224n, 256n, 384n, 521n].includes(Size) ? undefined : '224, 256, 384 or 521';
    default:
      return Size >= (isBefore(version, '1.9.0') ? 4n : leastRsa) ? undefined : `at least ${leastRsa}`;
  }
}

/** Names in a certificate are IA5String: ASCII (RFC 5280). */
function subject(name: string, { Type, UserDefined, Cert }: Secret): Problem[] {
  if (!Type.startsWith('cert-') || UserDefined) return [];
  return (['DNSNames', 'EmailAddresses'] as const).flatMap((key) =>
    Cert[key].flatMap((entry, index) =>
      // eslint-disable-next-line no-control-regex -- ASCII is what is asked for
      /^[\x00-\x7f]*$/.test(entry)
        ? []
        : [
            refused(
              'secret-certificate',
              ['Secrets', name, 'Cert', key, index],
              `The Secret ${name} has a name in its certificate that is not ASCII.`,
              'Write it in Punycode (xn--…).',
            ),
          ],
    ),
  );
}
