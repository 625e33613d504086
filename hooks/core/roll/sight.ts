import { startedUnderAnnotation } from '../marbles/workload.ts';
import type { RolloutStatus } from '../status/status.ts';
import type { Pod } from '../objects.ts';
import { podTroubleOf } from '../pod-trouble.ts';
import type { Member, Trouble } from './member.ts';
import { lostPatience } from './patience.ts';

/** What is seen of a workload: its generation, and how far its roll is. */
export interface Sight {
  uid: string | undefined;
  generation: number;
  status: RolloutStatus;
}

/** The workload that was patched: what is seen of an older one, or of another one of its name, says nothing. */
export interface Patched {
  uid: string | undefined;
  generation: number;
}

/** What a sight changes of a member that rolls; nothing when it is older than the change that was made. */
export function heard(patched: Patched, sight: Sight, now: number): Partial<Member> {
  if (sight.uid !== patched.uid) return replacedMember(now);
  if (sight.generation < patched.generation) return {};
  const over = sight.status.done ? { phase: 'done' as const, endedAt: now } : {};
  return { status: sight.status, heardAt: now, ...over };
}

/** What becomes of a member whose workload is not there any more: there is nothing left to restart. */
export function goneMember(now: number): Partial<Member> {
  return { phase: 'gone', endedAt: now, failure: 'it was deleted while the roll went on' };
}

function replacedMember(now: number): Partial<Member> {
  const failure = 'it was deleted and made anew while the roll went on, so its pods have started anew';
  return { phase: 'gone', endedAt: now, failure };
}

/** The pods that the roll has made: they carry the key that was set on the template. */
export function newPods(pods: readonly Pod[], key: string): Pod[] {
  return pods.filter(({ metadata }) => metadata.annotations?.[startedUnderAnnotation] === key);
}

/**
 * What its new pods are stuck on. A container that crashes runs for a moment each time, which is no sign that it is
 * well: the trouble lasts until it is ready.
 */
export function looked(before: Trouble | undefined, pods: readonly Pod[], now: number): Trouble | undefined {
  const found = pods.map(podTroubleOf).find((trouble) => trouble !== undefined);
  if (found !== undefined && before?.kind === found.kind) return { ...before, ...found };
  if (found !== undefined) return { ...found, since: now, restartsBefore: found.restarts ?? 0 };
  return before?.kind === 'crash' && pods.some(restartsAndIsNotReady) ? before : undefined;
}

/** A trouble as if it had begun now: until now something else was the cause of it. */
export function begunAnew(trouble: Trouble, now: number): Trouble {
  return { ...trouble, since: now, restartsBefore: trouble.restarts ?? 0 };
}

function restartsAndIsNotReady({ status }: Pod): boolean {
  return (status?.containerStatuses ?? []).some(({ ready, restartCount }) => !ready && restartCount > 0);
}

/** What the time does to a member that rolls: waiting for it comes to an end. */
export function judged(member: Member, now: number): Partial<Member> {
  if (member.phase !== 'rolling') return {};
  const failure = lostPatience(member, now);
  return failure === undefined ? {} : { phase: 'failed', endedAt: now, failure };
}
