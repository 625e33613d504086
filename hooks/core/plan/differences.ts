import { QuantityError, milliValue } from '../quantity.ts';

/** A value of a rendered object, as JSON has it. */
export type Tree = unknown;

/** Where two rendered trees differ: dotted paths, of list items by their name. What is empty counts as absent. */
export function changedPaths(before: Tree, after: Tree, path = ''): string[] {
  if (isEmpty(before) && isEmpty(after)) return [];
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => changedPaths(before[key], after[key], joined(path, key)));
  }
  if (isNamedList(before) && isNamedList(after)) {
    const names = [...new Set([...before, ...after].map(({ name }) => name))];
    const moved = before.map(({ name }) => name).join() !== after.map(({ name }) => name).join();
    const changes = names.flatMap((name) =>
      changedPaths(itemOf(before, name), itemOf(after, name), `${path}[${name}]`),
    );
    return changes.length === 0 && moved ? [path] : changes;
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [path];
}

/** Where something was rendered before, is no more, and still is in the live object: what Helm takes away. */
export function removedPaths(before: Tree, after: Tree, live: Tree, path = ''): string[] {
  if (isEmpty(before) || isEmpty(live)) return [];
  if (isEmpty(after)) return [path];
  if (isMap(before) && isMap(after) && isMap(live)) {
    return Object.keys(before).flatMap((key) =>
      removedPaths(before[key], after[key], live[key], joined(path, key)),
    );
  }
  if (!isNamedList(before) || !isNamedList(after) || !isNamedList(live)) return [];
  return before.flatMap(({ name }) =>
    removedPaths(itemOf(before, name), itemOf(after, name), itemOf(live, name), `${path}[${name}]`),
  );
}

/**
 * Where a live object is not what is rendered for it. What the API server has added by itself counts for nothing, and
 * amounts are compared as such: it writes 1000m as 1.
 */
export function driftedPaths(rendered: Tree, live: Tree, path = ''): string[] {
  if (isEmpty(rendered)) return [];
  if (isMap(rendered)) {
    const there = isMap(live) ? live : {};
    return Object.entries(rendered).flatMap(([key, value]) =>
      driftedPaths(value, there[key], joined(path, key)),
    );
  }
  if (Array.isArray(rendered)) {
    if (!Array.isArray(live) || live.length !== rendered.length) return [path];
    return rendered.flatMap((item, index) =>
      driftedPaths(item, live[index], `${path}[${nameOf(item, index)}]`),
    );
  }
  return isSameAmount(rendered, live) ? [] : [path];
}

function isSameAmount(rendered: Tree, live: Tree): boolean {
  if (rendered === live) return true;
  if (typeof rendered !== 'string' && typeof rendered !== 'number') return false;
  if (typeof live !== 'string' && typeof live !== 'number') return false;
  try {
    return milliValue(rendered) === milliValue(live);
  } catch (error) {
    if (error instanceof QuantityError) return false;
    throw error;
  }
}

interface Named {
  name: string;
}

function isNamedList(value: Tree): value is Named[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  const names = list.map((item) => (isMap(item) && typeof item.name === 'string' ? item.name : undefined));
  return names.length > 0 && !names.includes(undefined) && new Set(names).size === names.length;
}

function itemOf(list: readonly Named[], name: string): Named | undefined {
  return list.find((item) => item.name === name);
}

function nameOf(item: Tree, index: number): string {
  return isMap(item) && typeof item.name === 'string' ? item.name : String(index);
}

function isEmpty(value: Tree): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMap(value) && Object.values(value).every(isEmpty);
}

function isMap(value: Tree): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function joined(path: string, key: string): string {
  const part = /^[\w-]+$/.test(key) ? key : `"${key}"`;
  return path === '' ? part : `${path}.${part}`;
}
