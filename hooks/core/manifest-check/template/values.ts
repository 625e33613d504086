import { certificateFields } from '../certificate-shape.ts';
import type { Secret } from '../model.ts';
import { Undecided } from './outcome.ts';

/** What is known of a value while a template runs. No secret is there yet: only what kind of thing it is. */
export type TemplateValue =
  | { kind: 'absent' }
  | { kind: 'boolean'; is: boolean }
  | { kind: 'number'; is: number | undefined }
  | { kind: 'string'; is: string | undefined }
  /** A key or certificate in DER, or plain bytes; `empty` is undefined where it cannot be told. */
  | { kind: 'key' | 'bytes'; empty: boolean | undefined }
  | { kind: 'certificate'; empty: boolean | undefined }
  | { kind: 'secret'; type: string; fields: Readonly<Record<string, TemplateValue>> }
  | { kind: 'struct'; fields: Readonly<Record<string, TemplateValue>> }
  | { kind: 'map'; entries: ReadonlyMap<string, TemplateValue>; missing: TemplateValue }
  /** Something that prints well, of which no more is known. */
  | { kind: 'opaque' };

/** Which parts of a Secret have something in them during the dry run. */
interface Filled {
  cert: boolean | undefined;
  keys: boolean;
}

/** What an update finds in the place of a symmetric key: a dummy for each part. */
export type Occasion = 'set' | 'update';

/** The data that the Coordinator hands to templates in its dry run (v1.9.1: manifest.go, TemplateDryRun). */
export function templateData(
  secrets: ReadonlyMap<string, Secret>,
  occasion: Occasion,
  has: (since: string) => boolean,
): TemplateValue {
  const entries = new Map(
    [...secrets].map(([name, secret]) => [name, secretValue(secret, filled(secret, occasion))]),
  );
  const Secrets: TemplateValue = {
    kind: 'map',
    entries,
    missing: secretValue(noSecret, { cert: false, keys: false }),
  };
  const reserved = (keys: boolean) => secretValue(noSecret, { cert: true, keys });
  const MarbleRun: TemplateValue = {
    kind: 'struct',
    fields: {
      RootCA: reserved(false),
      MarbleCert: reserved(true),
      ...(has('1.6.0') ? { CoordinatorRoot: reserved(false) } : {}),
      ...(has('1.7.0') ? { CoordinatorIntermediate: reserved(false) } : {}),
    },
  };
  const current = { MarbleRun, Secrets };
  const previous: Record<string, TemplateValue> = has('1.9.0')
    ? {
        Previous: { kind: 'struct', fields: { Secrets } },
        SecretsWrapper: { kind: 'struct', fields: current },
      }
    : {};
  return { kind: 'struct', fields: { ...current, ...previous } };
}

const noSecret: Secret = {
  Type: '',
  Size: 0n,
  Shared: false,
  UserDefined: false,
  Cert: { NotAfter: '', DNSNames: [], EmailAddresses: [], Raw: '' },
  ValidFor: 0n,
};

/** The Coordinator makes what it can, and takes dummies for what users upload. */
function filled({ Type, UserDefined, Cert }: Secret, occasion: Occasion): Filled {
  const symmetric = Type === 'symmetric-key';
  if (UserDefined || !symmetric || occasion === 'update') return { cert: true, keys: true };
  return { cert: Cert.Raw === '' ? false : undefined, keys: true };
}

function secretValue(secret: Secret, { cert, keys }: Filled): TemplateValue {
  const key: TemplateValue = { kind: 'key', empty: !keys };
  return {
    kind: 'secret',
    type: secret.Type,
    fields: {
      Type: { kind: 'string', is: secret.Type },
      Size: { kind: 'number', is: Number(secret.Size) },
      Shared: { kind: 'boolean', is: secret.Shared },
      UserDefined: { kind: 'boolean', is: secret.UserDefined },
      ValidFor: { kind: 'number', is: undefined },
      Cert: { kind: 'certificate', empty: cert === undefined ? undefined : !cert },
      Private: key,
      Public: key,
    },
  };
}

/** Methods that these types have in Go; what they make of a template is not told here. */
const methods = new Set(['Equal', 'EqualDefinition', 'MarshalJSON', 'UnmarshalJSON']);

/** A field of a value; undefined when Go finds none, and so refuses the template. */
export function fieldOf(value: TemplateValue, name: string): TemplateValue | undefined {
  switch (value.kind) {
    case 'struct':
      return own(value.fields, name);
    case 'secret':
      if (methods.has(name)) throw new Undecided(`it calls ${name}`);
      return own(value.fields, name);
    case 'map':
      return value.entries.get(name) ?? { kind: 'absent' };
    case 'certificate':
      if (methods.has(name)) throw new Undecided(`it calls ${name}`);
      if (name === 'Raw') return { kind: 'bytes', empty: value.empty };
      return Object.hasOwn(certificateFields, name) ? { kind: 'opaque' } : undefined;
    case 'opaque':
      throw new Undecided(`it takes ${name} of something that is not known here`);
    default:
      return undefined;
  }
}

function own(fields: Readonly<Record<string, TemplateValue>>, name: string): TemplateValue | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Whether Go takes a value for true; undefined when it cannot be told. */
export function truth(value: TemplateValue): boolean | undefined {
  switch (value.kind) {
    case 'absent':
      return false;
    case 'boolean':
      return value.is;
    case 'number':
      return value.is === undefined ? undefined : value.is !== 0;
    case 'string':
      return value.is === undefined ? undefined : value.is !== '';
    case 'key':
    case 'bytes':
      return value.empty === undefined ? undefined : !value.empty;
    case 'map':
      return value.entries.size > 0;
    case 'opaque':
      return undefined;
    default:
      return true;
  }
}
