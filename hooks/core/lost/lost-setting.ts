import { createHash } from 'node:crypto';
import { isNothing, isTree, type Path } from './tree.ts';

/** A setting that is in force now and would not be after the upgrade, though nobody said that it shall go. */
export interface LostSetting {
  /** The value that keeps it; undefined where the chart has none for it. */
  path: Path | undefined;
  /** The value's key with dots, or the object and its field. */
  name: string;
  before: unknown;
  after: unknown;
  /** What to do where there is no value to set. */
  advice?: string;
}

/** A digest that stands for a secret: it tells whether two are equal and cannot be turned back. */
const digest = /^sha256:[0-9a-f]{8}$/;

/** The digest that stands for a secret of a live object; the chart's own, of values, is another (templates/_helpers/_masked.tpl). */
export function secretDigest(value: string): string {
  return `sha256:${createHash('sha256').update(value).digest('hex').slice(0, 8)}`;
}

/** Whether a value may not be shown and cannot be set again from here. */
export function isSecret(value: unknown): boolean {
  return typeof value === 'string' && digest.test(value);
}

/** Whether a digest stands anywhere in a value, so that it cannot be given to Helm as it is. */
export function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isTree(value) ? Object.values(value).some(holdsSecret) : isSecret(value);
}

const longest = 160;

/** A value as a person reads it, in one line, cut where it is long. */
export function shown(value: unknown): string {
  if (value !== false && isNothing(value)) return 'none';
  if (isSecret(value)) return `a secret (${String(value)})`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const line = text.replace(/\s+/g, ' ');
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
