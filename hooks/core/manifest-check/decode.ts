import { knownAs, notChecked, twice, unknownKey, wrongType } from './decode-problems.ts';
import { readCertificate, readContent, readText } from './decode-text.ts';
import type { Problem } from './findings.ts';
import { fileFields, manifestFields } from './manifest-shape.ts';
import type { Manifest } from './model.ts';
import { pathText, type Path } from './path.ts';
import { struct, type Fields, type Shape } from './shape.ts';
import type { Entry, Position, Value } from './source.ts';

/** What reading a Manifest came to. */
export interface Decoded {
  manifest: Manifest;
  problems: Problem[];
  /** Where each path stands: a key for sections, the value itself for all else. */
  positions: ReadonlyMap<string, Position>;
  /** Paths that were given, by the names that the Coordinator has for them. */
  given: readonly { path: Path; since: string | undefined }[];
}

interface State {
  problems: Problem[];
  positions: Map<string, Position>;
  given: { path: Path; since: string | undefined }[];
}

interface Place {
  path: Path;
  state: State;
}

type Section = Record<string, unknown>;

/**
 * Reads a Manifest as the Coordinator's JSON package does (Go's encoding/json): keys match without regard to case,
 * unknown ones are ignored, one that stands twice counts twice, and null is as good as nothing.
 */
export function decode(root: Value): Decoded {
  const state: State = { problems: [], positions: new Map(), given: [] };
  state.positions.set('', { line: root.line, column: root.column });
  const manifest = read(root, struct(manifestFields), [], state) as Manifest;
  return { manifest, ...state };
}

function read(value: Value, shape: Shape, path: Path, state: State): unknown {
  switch (shape.kind) {
    case 'struct':
      return readStruct(value, shape.fields, { path, state });
    case 'map':
      return readMap(value, shape.of, path, state);
    case 'list':
      return readList(value, shape.of, path, state);
    case 'file':
      return readFile(value, path, state);
    case 'certificate':
      if (value.kind !== 'string') return readStruct(value, shape.fields, { path, state });
      state.problems.push(...readCertificate(value.text, path));
      return { ...zeroOf(struct(shape.fields)), Raw: value.text };
    case 'anything':
      if (value.kind !== 'null') state.problems.push(notChecked(path));
      return undefined;
    default:
      return readScalar(value, shape, path, state);
  }
}

function readScalar(value: Value, shape: Shape, path: Path, state: State): unknown {
  if (value.kind === 'null') return zero(shape);
  if (shape.kind === 'bytes' && value.kind === 'list') return '';
  const result = readText(value, shape);
  if (result !== undefined) return result.is;
  state.problems.push(wrongType(value, shape, path));
  return zero(shape);
}

/** `before` is what an earlier key of the same name has given: fields that are not given again keep it. */
function readStruct(value: Value, fields: Fields, at: Place, before = zeroOf(struct(fields))): Section {
  const { path, state } = at;
  const result = { ...before };
  if (value.kind !== 'map') {
    if (value.kind !== 'null') state.problems.push(wrongType(value, struct(fields), path));
    return result;
  }
  const seen = new Set<string>();
  for (const entry of value.entries) {
    const name = knownAs(entry.key, fields);
    const field = name === undefined ? undefined : fields[name];
    if (name === undefined || field === undefined) {
      // Editors find the schema by that key; it does no harm.
      if (entry.key === '$schema' && path.length === 0) continue;
      note(entry, [...path, entry.key], state);
      state.problems.push(unknownKey(entry.key, fields, path));
      continue;
    }
    const here = [...path, name];
    note(entry, here, state);
    if (seen.has(name)) state.problems.push(twice(here));
    seen.add(name);
    if (entry.value.kind !== 'null') state.given.push({ path: here, since: field.since });
    result[name] = again(result[name], entry.value, field.shape, { path: here, state });
  }
  return result;
}

/** A field after what an earlier key has given: maps grow together, sections keep what is not given again, null is nothing. */
function again(before: unknown, value: Value, shape: Shape, at: Place): unknown {
  const { path, state } = at;
  if (shape.kind === 'struct') {
    return readStruct(value, shape.fields, at, before as Section);
  }
  const after = read(value, shape, path, state);
  if (shape.kind === 'map' && value.kind !== 'null') {
    return new Map([...(before as Map<string, unknown>), ...(after as Map<string, unknown>)]);
  }
  const keeps = shape.kind === 'string' || shape.kind === 'boolean' || shape.kind === 'number';
  return value.kind === 'null' && keeps && !('optional' in shape) ? before : after;
}

function readMap(value: Value, of: Shape, path: Path, state: State): Map<string, unknown> {
  const result = new Map<string, unknown>();
  if (value.kind !== 'map') {
    if (value.kind !== 'null') state.problems.push(wrongType(value, { kind: 'map', of }, path));
    return result;
  }
  for (const entry of value.entries) {
    const here = [...path, entry.key];
    note(entry, here, state);
    if (result.has(entry.key)) state.problems.push(twice(here));
    result.set(entry.key, read(entry.value, of, here, state));
  }
  return result;
}

function readList(value: Value, of: Shape, path: Path, state: State): unknown[] {
  if (value.kind === 'null') return [];
  if (value.kind !== 'list') {
    state.problems.push(wrongType(value, { kind: 'list', of }, path));
    return [];
  }
  return value.items.map((item, index) => {
    state.positions.set(pathText([...path, index]), { line: item.line, column: item.column });
    return read(item, of, [...path, index], state);
  });
}

/** A text, or Data with an Encoding. Null is refused here, since the Coordinator reads it with code of its own. */
function readFile(value: Value, path: Path, state: State): unknown {
  if (value.kind === 'string') return { Data: value.text, NoTemplates: false };
  if (value.kind !== 'map') {
    state.problems.push(wrongType(value, { kind: 'file' }, path));
    return { Data: '', NoTemplates: true };
  }
  const fields = readStruct(value, fileFields, { path, state });
  const { Data, Encoding, NoTemplates } = fields as { Data: string; Encoding: string; NoTemplates: boolean };
  const content = readContent(Data, Encoding, path);
  if (typeof content === 'string') return { Data: content, NoTemplates };
  state.problems.push(content);
  return { Data: '', NoTemplates: true };
}

function note({ line, column, value }: Entry, path: Path, { positions }: State): void {
  const section = value.kind === 'map' || value.kind === 'list' || value.kind === 'null';
  positions.set(pathText(path), section ? { line, column } : { line: value.line, column: value.column });
}

function zero(shape: Shape): unknown {
  switch (shape.kind) {
    case 'struct':
    case 'certificate':
      return zeroOf(shape);
    case 'map':
      return new Map();
    case 'list':
      return [];
    case 'number':
      return shape.optional === true ? undefined : 0n;
    case 'boolean':
      return false;
    case 'anything':
      return undefined;
    default:
      return '';
  }
}

function zeroOf(shape: Extract<Shape, { fields: Fields }>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(shape.fields).map(([name, field]) => [name, zero(field.shape)]));
}
