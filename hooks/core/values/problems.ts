import type { ErrorObject } from 'ajv';
import { isSecret } from '../lost/lost-setting.ts';
import validate from './generated/validator.js';
import { expected, schemaAt, type Schema } from './schema.ts';
import { mostSimilar } from './similar.ts';

/** One value that does not fit the schema that the chart ships. */
export interface ValueProblem {
  /** The key, with dots: `coordinator.sealDir`, `tolerations[0].effect`. */
  key: string;
  /** What it is and what it must be. Never holds a value of a section with credentials. */
  message: string;
  remedy: string;
}

/**
 * What of a release's values the chart's own schema refuses, in words. Helm checks the same schema, but not with
 * `--skip-schema-validation` (Helm 3.16 and later), and other tools that render charts need not check it at all.
 */
export function valueProblems(values: unknown): ValueProblem[] {
  if (validate(values)) return [];
  const problems = (validate.errors ?? []).flatMap((error) => problem(error, values));
  return problems.filter(
    ({ key, message }, index) =>
      problems.findIndex((other) => other.key === key && other.message === message) === index,
  );
}

function problem(error: ErrorObject, values: unknown): ValueProblem[] {
  const path = error.instancePath.split('/').slice(1).map(unescaped);
  const params = error.params as Readonly<Record<string, string>>;
  switch (error.keyword) {
    case 'additionalProperties':
      return [unknownKey(path, params.additionalProperty ?? '')];
    case 'required':
      return [missing([...path, params.missingProperty ?? ''])];
    case 'uniqueItems':
      return [twice(path, at(values, [...path, String(params.i)]))];
    default:
      // What a digest stands for is not known; the chart has judged it before it made the digest.
      return isSecret(at(values, path)) ? [] : [misfit(path, at(values, path))];
  }
}

function unknownKey(path: string[], name: string): ValueProblem {
  const key = dotted([...path, name]);
  const section = schemaAt(path);
  if (section.patternProperties !== undefined) return badName(path, name);
  const meant = mostSimilar(name, Object.keys(section.properties ?? {}));
  const elsewhere = meant === undefined ? sectionsWith(name) : [];
  const remedy =
    meant !== undefined
      ? `Did you mean ${dotted([...path, meant])}?`
      : elsewhere.length > 0
        ? `Did you mean ${elsewhere.map((where) => dotted([...where, name])).join(' or ')}?`
        : 'Remove it.';
  return { key, message: `${key} is no value of this chart, which ignores it.`, remedy };
}

/** Sections at the top of the values that do have such a key. */
function sectionsWith(name: string): string[][] {
  const sections = Object.keys(schemaAt([]).properties ?? {}).map((section) => [section]);
  return [[], ...sections].filter((path) => schemaAt(path).properties?.[name] !== undefined);
}

function missing(path: string[]): ValueProblem {
  const key = dotted(path);
  return {
    key,
    message: `${key} has no value, but must be ${expected(schemaAt(path))}.`,
    remedy: `Set it, or do not set it to null: the chart's default comes back.`,
  };
}

function badName(path: string[], name: string): ValueProblem {
  const key = dotted(path);
  const message = `${key} has the key ${JSON.stringify(name)}, but must have keys such as team or example.com/team.`;
  return { key, message, remedy: change(key) };
}

function twice(path: string[], item: unknown): ValueProblem {
  const key = dotted(path);
  return { key, message: `${key} lists ${shown(path, item)} twice.`, remedy: 'List it once.' };
}

function misfit(path: string[], value: unknown): ValueProblem {
  const key = dotted(path);
  const schema = schemaAt(path);
  const message = `${key} is ${shown(path, value)}, but must be ${expected(schema)}.`;
  return { key, message, remedy: requoted(key, value, schema) ?? change(key) };
}

/** YAML and `--set` take 4433 and "4433" for different things, which is the slip behind most wrong types. */
function requoted(key: string, value: unknown, schema: Schema): string | undefined {
  const types = [schema.type ?? []].flat();
  if (typeof value === 'string' && !types.includes('string') && /^(-?\d+|true|false)$/.test(value)) {
    return `Write ${value} without quotes, and use --set instead of --set-string.`;
  }
  if ((typeof value === 'number' || typeof value === 'boolean') && types.includes('string')) {
    return `Write "${String(value)}" in quotes, or use --set-string ${key}=${String(value)}.`;
  }
  return undefined;
}

function change(key: string): string {
  return `Change ${key} in the values.`;
}

const longest = 60;

/** A value as text, short; where credentials may stand, only what kind of value it is. */
function shown(path: readonly string[], value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  if (path[1] === 'azureCredentials') return `a ${typeof value}`;
  const text = JSON.stringify(value);
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return typeof value === 'string' ? `the text ${short}` : short;
}

/** The key as Helm users write it; a key that has dots itself stands in brackets. */
function dotted(path: readonly string[]): string {
  return path
    .map((key, index) => {
      if (/^\d+$/.test(key)) return `[${key}]`;
      if (/[^A-Za-z0-9_-]/.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}

function at(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (node, key) => (node as Record<string, unknown> | null | undefined)?.[key],
    values,
  );
}

/** JSON Pointer (RFC 6901). */
function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
