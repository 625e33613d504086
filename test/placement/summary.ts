import type { Played } from './play.ts';

/** How the verdicts, and the filters that refused, are distributed over the scenarios. */
export function summary(played: readonly Played[]): string {
  const kinds = played.map(({ verdict }) => verdict.kind);
  const refusing = played.flatMap(({ verdict }) => (verdict.kind === 'must-move' ? [verdict.filter] : []));
  const wrong = played.filter(({ mismatch }) => mismatch !== undefined).length;
  return [
    `      ${played.length} scenarios, ${wrong} wrong`,
    `      verdicts: ${counts(kinds, played.length)}`,
    `      must-move by: ${counts(refusing, refusing.length)}`,
  ].join('\n');
}

function counts(names: readonly string[], all: number): string {
  const numbers = new Map<string, number>();
  for (const name of names) numbers.set(name, (numbers.get(name) ?? 0) + 1);
  return [...numbers]
    .sort(([, a], [, b]) => b - a)
    .map(([name, number]) => `${name} ${number} (${((100 * number) / all).toFixed(1)} %)`)
    .join(', ');
}
