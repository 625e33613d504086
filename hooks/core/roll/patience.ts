import type { PodTroubleKind } from '../pod-trouble.ts';
import type { Member, Trouble } from './member.ts';

/**
 * How long a trouble may last before the workload counts as failed, in seconds. Each may pass by itself: a registry comes
 * back, a Marble that did not reach the Coordinator starts again, a node is added. Longer than kubelet's first pauses
 * between two tries (10 s, 20 s, 40 s), shorter than the time that a hook has.
 */
export const patienceSeconds: Readonly<Record<PodTroubleKind, number>> = {
  image: 45,
  configuration: 45,
  crash: 45,
  unscheduled: 90,
};

/** A container that crashes is started again after longer and longer pauses: it gets so many more chances. */
const moreCrashes = 2;

/** Why waiting for a workload is no use any more; undefined while it is. */
export function lostPatience(member: Member, now: number): string | undefined {
  const { status, trouble, followed } = member;
  // An old deadline of a roll that an earlier run began says nothing about the pods that are being made now.
  if (status?.failed === true && !followed) return withTrouble(status.message, trouble?.text);
  if (trouble === undefined) return undefined;
  const lasted = (now - trouble.since) / 1000;
  if (lasted < patienceSeconds[trouble.kind] || isTooSoon(trouble)) return undefined;
  return `for ${Math.round(lasted)} s: ${trouble.text}`;
}

function isTooSoon({ kind, restarts = 0, restartsBefore }: Trouble): boolean {
  return kind === 'crash' && restarts - restartsBefore < moreCrashes;
}

function withTrouble(message: string, text: string | undefined): string {
  return text === undefined ? message : `${message}; ${text}`;
}
