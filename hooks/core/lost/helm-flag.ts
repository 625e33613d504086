import type { Path } from './tree.ts';

/**
 * The flag of Helm that sets a value, quoted for a shell (Helm 3.10 and later: pkg/strvals; `--set-json` takes lists and
 * maps). Text that Helm would take for a number, a switch or null is given as text.
 */
export function helmFlag(path: Path, value: unknown): string {
  const key = path.map((part) => part.replace(/[\\.,=[\]]/g, '\\$&')).join('.');
  if (typeof value === 'object' && value !== null) {
    return `--set-json ${quoted(`${key}=${JSON.stringify(value)}`)}`;
  }
  if (typeof value !== 'string') return `--set ${quoted(`${key}=${String(value)}`)}`;
  const text = value.replace(/[\\,]/g, '\\$&').replace(/^\{/, '\\{');
  return `${isAmbiguous(value) ? '--set-string' : '--set'} ${quoted(`${key}=${text}`)}`;
}

function isAmbiguous(text: string): boolean {
  return text === '' || /^(true|false|null)$/i.test(text) || !Number.isNaN(Number(text));
}

/** A word as a shell takes it. */
export function quoted(text: string): string {
  return /^[\w./:@=+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
