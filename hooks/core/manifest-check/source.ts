import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { Problem } from './findings.ts';

/** Both count from 1, as editors do. */
export interface Position {
  line: number;
  column: number;
}

/** A key of a map with its value. JSON may have a key twice: each is an entry. */
export interface Entry extends Position {
  key: string;
  value: Value;
}

/** A value as JSON knows it, with its place. A number keeps its text: the Coordinator tells 1 from 1.0. */
export type Value = Position &
  (
    | { kind: 'map'; entries: Entry[] }
    | { kind: 'list'; items: Value[] }
    | { kind: 'string'; text: string }
    | { kind: 'number'; text: string }
    | { kind: 'boolean'; is: boolean }
    | { kind: 'null' }
  );

/** A Manifest as it was read, or why it could not be. */
export type Source = { root: Value } | { problems: (Problem & Position)[] };

/**
 * Reads a Manifest. What is no JSON is taken for YAML 1.1, as MarbleRun's CLI does before it sends a Manifest
 * (v1.9.1: cli/internal/cmd/manifestSet.go, sigs.k8s.io/yaml).
 */
export function readSource(text: string): Source {
  const json = isJson(text);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: !json,
    version: json ? '1.2' : '1.1',
    // Go's YAML knows neither times of day nor dates in a map without a type.
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !isTime(tag)),
    prettyErrors: false,
  });
  const [error] = document.errors;
  if (error !== undefined) return unreadable(error.code, error.message, positionOf(error.pos[0], lines));
  try {
    return { root: valueOf(document.contents, { document, lines, json }) };
  } catch (cause) {
    return unreadable('', (cause as Error).message, { line: 1, column: 1 });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isTime(tag: { tag: string; format?: string }): boolean {
  return tag.format === 'TIME' || tag.tag === 'tag:yaml.org,2002:timestamp';
}

function unreadable(code: string, reason: string, at: Position): Source {
  const twice = code === 'DUPLICATE_KEY';
  const problem: Problem = {
    code: twice ? 'duplicate-key' : 'not-readable',
    severity: 'block',
    path: [],
    message: twice
      ? "A key stands twice in one map, which MarbleRun's CLI refuses in YAML."
      : `This is neither JSON nor YAML: ${reason}`,
    remedy: twice ? 'Keep one of the two.' : 'Mend the line.',
  };
  return { problems: [{ ...problem, ...at }] };
}

interface Reading {
  document: Document;
  lines: LineCounter;
  json: boolean;
}

function positionOf(offset: number, lines: LineCounter): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function valueOf(node: unknown, reading: Reading): Value {
  const at = positionOf((node as Node | null)?.range?.[0] ?? 0, reading.lines);
  if (isAlias(node)) return { ...valueOf(node.resolve(reading.document), reading), ...at };
  if (isMap(node)) {
    const entries = node.items.flatMap(({ key, value }) => entriesOf(key, value, reading));
    return { kind: 'map', entries, ...at };
  }
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => valueOf(item, reading)), ...at };
  return { ...scalarOf(node, reading.json), ...at };
}

/** An entry; with `<<` those of the map that is merged, unless they stand there themselves. */
function entriesOf(key: unknown, value: unknown, reading: Reading): Entry[] {
  const at = positionOf((key as Node | null)?.range?.[0] ?? 0, reading.lines);
  const read = valueOf(value, reading);
  if (!reading.json && isScalar(key) && (key.value === '<<' || typeof key.value === 'symbol')) {
    return read.kind === 'map' ? read.entries : [];
  }
  const name = valueOf(key, reading);
  return [{ key: keyText(name), value: read, ...at }];
}

/** JSON has only texts as keys; a number or yes and no become one. */
function keyText(key: Value): string {
  if (key.kind === 'string' || key.kind === 'number') return key.text;
  if (key.kind === 'boolean') return String(key.is);
  throw new Error('a key of a map is no text');
}

function scalarOf(node: unknown, json: boolean) {
  const value: unknown = isScalar(node) ? node.value : null;
  if (typeof value === 'string') return { kind: 'string' as const, text: value };
  if (typeof value === 'boolean') return { kind: 'boolean' as const, is: value };
  if (Number.isFinite(value) || typeof value === 'bigint') {
    const source = json && isScalar(node) ? node.source : undefined;
    return { kind: 'number' as const, text: source ?? String(value) };
  }
  if (value === null || value === undefined) return { kind: 'null' as const };
  throw new Error('there is a value that JSON does not have');
}
