/** A part of the chart's values. */
export type Tree = Readonly<Record<string, unknown>>;

/** Where a value stands: its keys from the outermost on. */
export type Path = readonly string[];

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at a path; undefined where the path ends early. */
export function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (node, key) => (isTree(node) && Object.hasOwn(node, key) ? node[key] : undefined),
    tree,
  );
}

/** Whether a value says nothing, as the chart's templates take it: absent, null, empty, or off. */
export function isNothing(value: unknown): boolean {
  if (isTree(value)) return Object.values(value).every(isNothing);
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || value === '' || value === false;
}

/**
 * Whether two values mean the same to the chart: `true` and the text "TRUE" of older charts do, 1 and "1", and all that
 * says nothing.
 */
export function sameMeaning(a: unknown, b: unknown): boolean {
  if (isNothing(a) || isNothing(b)) return isNothing(plain(a, b)) && isNothing(plain(b, a));
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameMeaning(item, b[index]));
  }
  if (isTree(a) && isTree(b)) {
    return [...Object.keys(a), ...Object.keys(b)].every((key) => sameMeaning(a[key], b[key]));
  }
  if (typeof a === 'object' || typeof b === 'object') return false;
  return plain(a, b) === plain(b, a);
}

/** A value as it compares with another one: beside a switch, its text is a switch too. */
function plain(value: unknown, other: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  if (typeof other !== 'boolean') return String(value);
  const text = String(value).toLowerCase();
  if (['true', '1'].includes(text)) return true;
  return ['false', '0'].includes(text) ? false : text;
}

/** Every value of a tree that is no map with entries, with its path. */
export function leavesOf(tree: Tree, path: Path = []): [Path, unknown][] {
  return Object.entries(tree).flatMap(([key, value]): [Path, unknown][] => {
    const here = [...path, key];
    return isTree(value) ? leavesOf(value, here) : [[here, value]];
  });
}

/**
 * The values that differ from the defaults. Maps are merged by Helm and so compared key by key, lists are not. A default
 * that was taken away with null, which Helm then leaves out, is null.
 */
export function nonDefault(values: Tree, defaults: Tree): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(values), ...Object.keys(defaults)])) {
    const value = values[key];
    const standard = defaults[key];
    if (sameMeaning(value, standard)) continue;
    if (isTree(value)) found[key] = nonDefault(value, isTree(standard) ? standard : {});
    else found[key] = value ?? null;
  }
  return found;
}

/** Whether non-default values say something about a path: itself, something below it, or a part that holds it. */
export function saysSomething(changes: Tree, path: Path): boolean {
  let node: unknown = changes;
  for (const key of path) {
    if (!isTree(node)) return true;
    if (!Object.hasOwn(node, key)) return false;
    node = node[key];
  }
  return true;
}

/** Whether a path is one of these, or lies below one. Each is written with dots. */
export function isBelow(path: Path, prefixes: readonly string[]): boolean {
  const dotted = path.join('.');
  return prefixes.some((prefix) => dotted === prefix || dotted.startsWith(`${prefix}.`));
}
