import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ManifestCode } from '../../hooks/core/manifest-check/findings.ts';
import { makeUser, type User } from '../lab/mesh.ts';

type Tree = Record<string, unknown>;

interface Expected {
  title: string;
  /** The finding that refuses it; without it, the Coordinator takes it. */
  refused?: ManifestCode;
  /** Words of the Coordinator's refusal. */
  says?: string;
  /** The warning that the check has in place of a verdict, where the Coordinator knows more and refuses. */
  undecided?: ManifestCode;
  warns?: ManifestCode[];
  infos?: ManifestCode[];
}

/** A first Manifest. */
export interface Case extends Expected {
  text: string;
}

/** An update of a Manifest that is in force. */
export interface UpdateCase extends Expected {
  inForce: string;
  text: string;
  by: User;
  /** Updates of Packages that were sent before it. */
  earlier: string[];
  /** An update that waits for acknowledgements. */
  pending: string | undefined;
}

/** Templates by what the Coordinator makes of them. */
export interface Templates {
  taken: string[];
  refused: string[];
  undecided?: string[];
}

const smallest: Tree = {
  Packages: { backend: { SignerID: '$hex', ProductID: 1, SecurityVersion: 2 } },
  Marbles: { web: { Package: 'backend' } },
};

/** A Manifest with something of everything that an update may change. */
const whole: Tree = {
  Packages: {
    backend: { SignerID: '$hex', ProductID: 1, SecurityVersion: 2 },
    pinned: { UniqueID: '$hex' },
    fixed: { SignerID: '$hex', ProductID: 2, SecurityVersion: 2 },
  },
  Marbles: { web: { Package: 'backend' }, other: { Package: 'pinned' }, third: { Package: 'fixed' } },
  Secrets: {
    key: { Type: 'symmetric-key', Size: 128, Shared: true },
    token: { Type: 'plain', UserDefined: true },
    cert: { Type: 'cert-ecdsa', Size: 256 },
  },
  Users: {
    alice: { Certificate: '$user:alice', Roles: ['editor'] },
    bob: { Certificate: '$user:bob', Roles: ['editor'] },
    carol: { Certificate: '$user:carol', Roles: ['raiser', 'reader'] },
  },
  Roles: {
    editor: { ResourceType: 'Manifest', Actions: ['UpdateManifest'] },
    raiser: {
      ResourceType: 'Packages',
      ResourceNames: ['backend', 'pinned'],
      Actions: ['UpdateSecurityVersion'],
    },
    reader: { ResourceType: 'Secrets', ResourceNames: ['key'], Actions: ['ReadSecret'] },
  },
  RecoveryKeys: { alice: '$rsa:2048', bob: '$rsa:2050' },
  Config: { UpdateThreshold: 1 },
};

/** The cases of a file in cases/. */
export function cases(file: string): Case[] {
  return read<Expected & { with?: Tree; text?: string }>(file).map(({ with: patch = {}, text, ...rest }) => ({
    ...rest,
    text: text ?? json(laidOver(smallest, patch)),
  }));
}

/** The updates of cases/updates.yaml. */
export function updateCases(): UpdateCase[] {
  interface Entry extends Expected {
    by?: string;
    'in-force'?: Tree;
    earlier?: Tree[];
    pending?: Tree;
    update?: Tree;
    full?: Tree;
  }
  return read<Entry>('updates.yaml').map((entry) => {
    const { by = 'alice', earlier = [], pending, update, full = {}, 'in-force': patch = {}, ...rest } = entry;
    const base = laidOver(whole, patch);
    return {
      ...rest,
      inForce: json(base),
      text: json(update ?? laidOver(base, full)),
      by: userNamed(by),
      earlier: earlier.map(json),
      pending: pending === undefined ? undefined : json(laidOver(base, pending)),
    };
  });
}

/** Each template as a Manifest of its own, with Secrets of each type. */
export function templateCases(): (Case & { kind: keyof Templates; template: string })[] {
  const all = parse(file('templates.yaml')) as Record<'Env' | 'Files', Templates>;
  return (['Env', 'Files'] as const).flatMap((where) =>
    Object.entries(all[where]).flatMap(([kind, templates]) =>
      (templates as string[]).map((template) => ({
        title: `${template} in ${where}`,
        template,
        kind: kind as keyof Templates,
        text: json(withTemplate(where, template)),
      })),
    ),
  );
}

function withTemplate(where: string, template: string): Tree {
  return laidOver(smallest, {
    Marbles: { web: { Parameters: { [where]: { value: template } } } },
    Secrets: {
      sym: { Type: 'symmetric-key', Size: 128, Shared: true },
      'my-key': { Type: 'symmetric-key', Size: 128 },
      cert: { Type: 'cert-ed25519' },
      plain: { Type: 'plain', UserDefined: true },
      usersym: { Type: 'symmetric-key', Size: 128, UserDefined: true },
      usercert: { Type: 'cert-rsa', UserDefined: true },
    },
  });
}

function file(name: string): string {
  return readFileSync(new URL(`cases/${name}`, import.meta.url), 'utf8');
}

function read<T>(name: string): T[] {
  return parse(file(name)) as T[];
}

/** As a merge patch: null takes away. */
function laidOver(base: Tree, patch: Tree): Tree {
  const kept = Object.entries(base).filter(([key]) => patch[key] !== null);
  const laid = Object.entries(patch).flatMap(([key, value]): [string, unknown][] => {
    const below = base[key];
    if (value === null) return [];
    return [[key, isTree(value) ? laidOver(isTree(below) ? below : {}, value) : value]];
  });
  return Object.fromEntries([...kept, ...laid]);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON with what stands for keys and certificates filled in. */
function json(tree: Tree): string {
  return JSON.stringify(tree, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith('$') ? filledIn(value.slice(1)) : value,
  );
}

const made = new Map<string, string>();

function filledIn(name: string): string {
  const text = made.get(name) ?? make(name);
  made.set(name, text);
  return text;
}

function make(name: string): string {
  const [kind = '', detail = ''] = name.split(':');
  switch (kind) {
    case 'hex':
      return '0123456789abcdef'.repeat(4);
    case 'hex2':
      return 'fedcba9876543210'.repeat(4);
    case 'user':
      return userNamed(detail).certificate;
    case 'oneline':
      return userNamed(detail).certificate.replaceAll('\n', '');
    case 'described':
      return `The certificate of ${detail}:\n\n${userNamed(detail).certificate}\n\n`;
    case 'renamed':
      return userNamed(detail).certificate.replaceAll('CERTIFICATE', 'SOMETHING');
    case 'rsa':
      return rsa(Number(detail), 'spki');
    case 'rsa-oneline':
      return filledIn('rsa:2048').replaceAll('\n', '');
    case 'rsa-crlf':
      return filledIn('rsa:2048').replaceAll('\n', '\r\n');
    case 'pkcs1':
      return rsa(2048, 'pkcs1');
    case 'ec': {
      const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return publicKey.export({ type: 'spki', format: 'pem' }).toString();
    }
    default:
      throw new Error(`nothing is made for $${name}`);
  }
}

function rsa(modulusLength: number, type: 'spki' | 'pkcs1'): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return publicKey.export({ type, format: 'pem' }).toString();
}

const users = new Map<string, User>();

export function userNamed(name: string): User {
  const user = users.get(name) ?? makeUser(name);
  users.set(name, user);
  return user;
}
