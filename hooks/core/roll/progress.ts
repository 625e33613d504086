import { workloadName } from '../marbles/workload.ts';
import { isInFlight, type Member } from './member.ts';

/** How many workloads a line names before it counts the rest. */
const named = 3;

/** How far a roll is, in one line. */
export function progressLine(members: readonly Member[]): string {
  const done = members.filter(({ phase }) => phase === 'done').length;
  const rolling = members.filter(isInFlight).map((member) => `${nameOf(member)}: ${howFar(member)}`);
  const held = members
    .filter(({ phase, held }) => phase === 'waiting' && held !== undefined)
    .map((member) => `${nameOf(member)} is held: ${member.held ?? ''}`);
  const parts = [...shortened(rolling), ...shortened(held)];
  return [`Marbles: ${done} of ${members.length} restarted`, ...parts].join('; ');
}

/** How far one workload is, with what holds it up and what its pods are stuck on. */
export function howFar({ status, held, trouble }: Member): string {
  return [status?.message ?? 'asked for', held, trouble?.text]
    .filter((text) => text !== undefined)
    .join('; ');
}

export function nameOf({ target }: Member): string {
  return workloadName(target);
}

function shortened(list: readonly string[]): string[] {
  const rest = list.length - named;
  return rest > 0 ? [...list.slice(0, named), `and ${rest} more`] : [...list];
}
