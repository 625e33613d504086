import { isNothing, type Path } from './tree.ts';

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

/** Whether a value may not be shown and cannot be set again from here. */
export function isSecret(value: unknown): boolean {
  return typeof value === 'string' && digest.test(value);
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
