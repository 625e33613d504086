import { TemplateError, Undecided } from './outcome.ts';
import { truth, type TemplateValue } from './values.ts';

/** Functions that MarbleRun adds, for files and for environment variables (v1.9.1: manifest.go). */
export const secretFunctions = {
  Files: ['pem', 'hex', 'raw', 'base64'],
  Env: ['pem', 'hex', 'string', 'base64'],
} as const;

/** What a function makes of its arguments; throws a TemplateError where it fails. */
export function call(name: string, args: readonly TemplateValue[]): TemplateValue {
  switch (name) {
    case 'pem':
    case 'hex':
    case 'raw':
    case 'base64':
    case 'string':
      return encoded(name, args);
    case 'index':
      return indexed(args);
    case 'not':
      return not(args);
    case 'eq':
    case 'ne':
      return compared(name, args);
    case 'print':
    case 'println':
      return { kind: 'string', is: undefined };
    case 'printf':
      if (args[0]?.kind === 'string') return { kind: 'string', is: undefined };
      throw new Undecided('it calls printf without a text');
    default:
      throw new Undecided(`it calls ${name}`);
  }
}

function encoded(name: string, args: readonly TemplateValue[]): TemplateValue {
  const [value] = args;
  if (value === undefined || args.length > 1) {
    throw new TemplateError(`${name} takes one value, but gets ${args.length}`);
  }
  if (value.kind === 'absent') throw new TemplateError(`${name} gets a secret that does not exist`);
  if (value.kind === 'opaque') throw new Undecided(`it gives ${name} something that is not known here`);
  const content = name === 'string' ? plain(value) : contentOf(name, value);
  if (content === undefined) throw new Undecided(`it gives ${name} something that may be empty`);
  if (content) throw new TemplateError(`${name} gets something empty`);
  return { kind: 'string', is: undefined };
}

function plain(value: TemplateValue): boolean | undefined {
  if (value.kind === 'secret' && value.type === 'plain') return contentOf('string', value);
  throw new TemplateError('string takes a Secret of Type plain only');
}

/** Whether what is encoded is empty. */
function contentOf(name: string, value: TemplateValue): boolean | undefined {
  switch (value.kind) {
    case 'certificate':
    case 'key':
      return value.empty;
    case 'bytes':
      if (name === 'pem') break;
      return value.empty;
    case 'secret': {
      const content = value.fields.Public;
      if (name === 'pem' || content?.kind !== 'key') break;
      return content.empty;
    }
    default:
  }
  const wants =
    name === 'pem' ? 'Cert, Private or Public of a Secret' : 'a Secret, or Cert, Private or Public of one';
  throw new TemplateError(`${name} takes ${wants}`);
}

/** Unlike a field that is missing, an index that is missing is an empty Secret. */
function indexed(args: readonly TemplateValue[]): TemplateValue {
  const [map, key] = args;
  if (args.length !== 2 || map?.kind !== 'map' || key?.kind !== 'string' || key.is === undefined) {
    throw new Undecided('it calls index in an uncommon way');
  }
  return map.entries.get(key.is) ?? map.missing;
}

function not(args: readonly TemplateValue[]): TemplateValue {
  const [value] = args;
  if (value === undefined || args.length > 1) throw new TemplateError('not takes one value');
  const is = truth(value);
  if (is === undefined) throw new Undecided('it asks for something that is not known here');
  return { kind: 'boolean', is: !is };
}

function compared(name: string, args: readonly TemplateValue[]): TemplateValue {
  const [a, b] = args;
  const known = a?.kind === 'string' && b?.kind === 'string' && a.is !== undefined && b.is !== undefined;
  if (args.length !== 2 || !known) throw new Undecided(`it calls ${name} in an uncommon way`);
  return { kind: 'boolean', is: (a.is === b.is) === (name === 'eq') };
}
