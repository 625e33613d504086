import { mostSimilar } from '../values/similar.ts';
import type { Problem } from './findings.ts';
import { manifestFields } from './manifest-shape.ts';
import { pathText, type Path } from './path.ts';
import { struct, type Fields, type Shape } from './shape.ts';
import type { Value } from './source.ts';

/** Go folds upper and lower case, with the long s and the Kelvin sign as letters like any other. */
function folded(name: string): string {
  return name.toUpperCase().toLowerCase();
}

/** The name that the Coordinator has for a key; undefined when it does not know it. */
export function knownAs(key: string, fields: Fields): string | undefined {
  if (Object.hasOwn(fields, key)) return key;
  return Object.keys(fields).find((name) => folded(name) === folded(key));
}

/** Keys that earlier versions of MarbleRun had, and what became of them. */
const former: Readonly<Record<string, string>> = {
  admins: 'Since v0.4.0 it is Users, with Roles.',
  clients: 'It is gone since v0.5.0. Remove it.',
};

/** A key that is ignored, and what may be meant by it. */
export function unknownKey(key: string, fields: Fields, path: Path): Problem {
  const meant = mostSimilar(key, Object.keys(fields));
  const elsewhere = meant === undefined ? sectionsWith(key) : [];
  const remedy =
    meant !== undefined
      ? `Did you mean ${pathText([...path, meant])}?`
      : elsewhere.length > 0
        ? `Did you mean ${elsewhere.join(' or ')}?`
        : (former[key.toLowerCase()] ??
          `Remove it, or take one of ${Object.keys(fields).slice(0, 9).join(', ')}.`);
  return {
    code: 'unknown-key',
    severity: 'warn',
    path: [...path, key],
    message: `The Coordinator does not know the key ${JSON.stringify(key)} here, and ignores it without a word.`,
    remedy,
  };
}

/** Sections that do have such a key. */
function sectionsWith(key: string): string[] {
  const visit = (shape: Shape, where: string): string[] => {
    if (shape.kind === 'map') return visit(shape.of, `${where}.<name>`);
    if (shape.kind === 'list') return visit(shape.of, `${where}[]`);
    if (shape.kind !== 'struct' && shape.kind !== 'certificate') return [];
    const own = knownAs(key, shape.fields);
    const below = Object.entries(shape.fields).flatMap(([name, field]) =>
      visit(field.shape, `${where}.${name}`),
    );
    return own === undefined ? below : [`${where}.${own}`, ...below];
  };
  return visit(struct(manifestFields), '')
    .map((where) => where.slice(1))
    .slice(0, 3);
}

/** A key of JSON that stands twice. */
export function twice(path: Path): Problem {
  return {
    code: 'duplicate-key',
    severity: 'warn',
    path,
    message: `${pathText(path)} stands twice. The Coordinator takes both in turn, and the later one wins where they differ.`,
    remedy: 'Keep one of the two.',
  };
}

/** A value that is not looked at. */
export function notChecked(path: Path): Problem {
  return {
    code: 'not-checked',
    severity: 'warn',
    path,
    message: `${pathText(path)} is a field of Go's x509.Certificate whose value is not checked here.`,
    remedy: '',
  };
}

/** A value of another type than the Coordinator reads there. */
export function wrongType(value: Value, shape: Shape, path: Path): Problem {
  const scalar = value.kind === 'number' || value.kind === 'boolean';
  const wantsText = shape.kind === 'string' || shape.kind === 'file';
  const remedy = scalar && wantsText ? 'Write it in quotes.' : `Make it ${expected(shape)}.`;
  return {
    code: 'wrong-type',
    severity: 'block',
    path,
    message: `${path.length === 0 ? 'The Manifest' : pathText(path)} is ${shown(value)}, but must be ${expected(shape)}.`,
    remedy,
  };
}

/** Never the text itself: it may be a secret. */
function shown(value: Value): string {
  if (value.kind === 'number') return `the number ${value.text.slice(0, 30)}`;
  if (value.kind === 'boolean') return String(value.is);
  return { map: 'a map', list: 'a list', string: 'a text', null: 'null' }[value.kind];
}

function expected(shape: Shape): string {
  switch (shape.kind) {
    case 'number':
      return `a whole number from ${shape.least} to ${shape.most}`;
    case 'file':
      return 'a text, or a map with Data, Encoding and NoTemplates';
    case 'boolean':
      return 'true or false';
    case 'bytes':
      return 'base64 in a text';
    case 'time':
      return 'a time such as "2030-01-31T00:00:00Z"';
    case 'address':
      return 'an IP address';
    case 'list':
      return 'a list';
    case 'map':
    case 'struct':
    case 'certificate':
      return 'a map';
    default:
      return 'a text';
  }
}
