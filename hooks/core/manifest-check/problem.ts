import { mostSimilar } from '../values/similar.ts';
import type { ManifestCode, Problem } from './findings.ts';
import type { Path } from './path.ts';

type Say = (code: ManifestCode, path: Path, message: string, remedy: string) => Problem;

/** The Coordinator refuses it. */
export const refused: Say = (code, path, message, remedy) => ({
  code,
  severity: 'block',
  path,
  message,
  remedy,
});

/** The Coordinator takes it, but hardly anyone means it. */
export const doubtful: Say = (code, path, message, remedy) => ({
  code,
  severity: 'warn',
  path,
  message,
  remedy,
});

/** Good to know. */
export const told: Say = (code, path, message, remedy) => ({ code, severity: 'info', path, message, remedy });

/** Names of a section, for a remedy: the first ten of them. */
export function listed(names: Iterable<string>): string {
  const all = [...names];
  if (all.length === 0) return 'there is none';
  return all.length > 10 ? `${all.slice(0, 10).join(', ')} and ${all.length - 10} more` : all.join(', ');
}

/** The name that may be meant, or else those that there are. */
export function oneOf(name: string, names: Iterable<string>): string {
  const all = [...names];
  const meant = mostSimilar(name, all);
  return meant === undefined ? `Take one of them: ${listed(all)}.` : `Did you mean ${meant}?`;
}
