import { isInFlight, isOver, type Member, type RollTarget } from './member.ts';

/** The order of a roll: waves, then names, so that it is the same each time. */
export function inOrder<M extends { readonly target: Omit<RollTarget, 'podLabels' | 'evict'> }>(
  members: readonly M[],
): M[] {
  return [...members].sort(
    ({ target: a }, { target: b }) =>
      a.wave - b.wave ||
      a.namespace.localeCompare(b.namespace) ||
      a.name.localeCompare(b.name) ||
      a.kind.localeCompare(b.kind),
  );
}

/**
 * Those whose turn it is, in order: all that wait of the lowest wave that is not over, so that one that is held leaves its
 * place to the next. After the first failure nobody's.
 */
export function due(members: readonly Member[]): Member[] {
  if (hasFailure(members)) return [];
  const wave = Math.min(...members.filter((member) => !isOver(member)).map(({ target }) => target.wave));
  return members.filter(({ phase, target }) => phase === 'waiting' && target.wave === wave);
}

/** Whether one more may start: there is a place, and none has failed in the meantime. */
export function mayStart(members: readonly Member[], maxConcurrent: number): boolean {
  return !hasFailure(members) && members.filter(isInFlight).length < maxConcurrent;
}

function hasFailure(members: readonly Member[]): boolean {
  return members.some(({ phase }) => phase === 'failed');
}

/** Whether the roll has come to its end: nothing is in flight, and nothing may start any more. */
export function isFinished(members: readonly Member[]): boolean {
  if (members.some(isInFlight)) return false;
  return members.every(isOver) || hasFailure(members);
}

/** Whether so many are in flight at once that something happens all the time. */
export function isCrowded(members: readonly Member[]): boolean {
  return members.filter(isInFlight).length > 50;
}
