import { keepAnnotation } from '../storage.ts';
import { changedPaths } from './differences.ts';

/** An object that a chart renders. */
export interface RenderedObject {
  apiVersion?: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Readonly<Record<string, string>>;
    annotations?: Readonly<Record<string, string>>;
  };
  [part: string]: unknown;
}

/** What Helm does with one object. `kept` is rendered no more and stays, since its annotation says so. */
export interface ObjectChange {
  kind: 'added' | 'removed' | 'kept' | 'changed';
  object: string;
  /** Which fields change; values are not told, since some are secrets. */
  fields: string[];
}

/** What changes between the objects of the deployed release and those that are rendered now; both without hooks. */
export function objectChanges(
  before: readonly RenderedObject[],
  after: readonly RenderedObject[],
): ObjectChange[] {
  const old = new Map(before.map((object) => [nameOf(object), object]));
  const now = new Map(after.map((object) => [nameOf(object), object]));
  const removed = [...old]
    .filter(([name]) => !now.has(name))
    .map(([object, { metadata }]): ObjectChange => {
      return { kind: isKept(metadata.annotations) ? 'kept' : 'removed', object, fields: [] };
    });
  const others = [...now].flatMap(([object, rendered]): ObjectChange[] => {
    const earlier = old.get(object);
    if (earlier === undefined) return [{ kind: 'added', object, fields: [] }];
    const fields = changedPaths(earlier, rendered);
    return fields.length === 0 ? [] : [{ kind: 'changed', object, fields }];
  });
  return [...others, ...removed];
}

/** How many of the fields a line names. */
const named = 3;

/** One line for people: `changed  deployment/marblerun-coordinator: spec.replicas and 2 more`. */
export function changeText({ kind, object, fields }: ObjectChange): string {
  return `${kind.padEnd('changed'.length)}  ${object}${fields.length === 0 ? '' : `: ${fieldsText(fields)}`}`;
}

/** The first fields by name; labels are told last, since a new chart changes one on each object. */
export function fieldsText(fields: readonly string[]): string {
  const isLabel = (field: string) => /(^|\.)metadata\.labels\./.test(field);
  const telling = fields.filter((field) => !isLabel(field));
  if (telling.length === 0) return 'labels';
  const rest = telling.length - named;
  return `${telling.slice(0, named).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function nameOf({ kind, metadata }: RenderedObject): string {
  return `${kind.toLowerCase()}/${metadata.name}`;
}

function isKept(annotations: Readonly<Record<string, string>> = {}): boolean {
  return Object.entries(keepAnnotation).every(([key, value]) => annotations[key] === value);
}
