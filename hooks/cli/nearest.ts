import { closestMatch } from 'leven';

/** The name that may have been meant, as the end of a message; empty where none is near. */
export function hint(typed: string, names: readonly string[]): string {
  const most = Math.max(1, Math.floor(typed.replace(/^-+/, '').length / 2));
  const nearest = closestMatch(typed, [...names], { maxDistance: Math.min(3, most) });
  return nearest === undefined ? '' : `; did you mean ${nearest}?`;
}
