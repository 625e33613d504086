import { valueOf } from '../known.ts';
import { CoordinatorState } from '../states.ts';
import type { Limits, Memory, Situation } from './memory.ts';
import type { Scene } from './scene.ts';

/**
 * What the Coordinator is in; undefined while it is silent for less than the limit, or says something that the hooks do
 * not know: then it is what it was.
 */
export function situationOf(
  memory: Memory,
  now: number,
  { downSeconds }: Pick<Limits, 'downSeconds'>,
): Situation | undefined {
  const { answer, silentSince, scene } = memory;
  if (silentSince !== undefined) return now - silentSince >= downSeconds * 1000 ? 'down' : undefined;
  switch (valueOf(answer)) {
    case CoordinatorState.Recovery:
      return 'needs-recovery';
    case CoordinatorState.AcceptingManifest:
      return hadManifest(memory) ? 'lost-state' : 'accepting-manifest';
    case CoordinatorState.AcceptingMarbles:
      return scene !== undefined && isReplaced(scene) ? 'replaced' : 'accepting-marbles';
    default:
      return undefined;
  }
}

/** Whether a state means anything to the watch; another is as good as no answer. */
export function isKnownState(state: number): boolean {
  const known: readonly number[] = [
    CoordinatorState.Recovery,
    CoordinatorState.AcceptingManifest,
    CoordinatorState.AcceptingMarbles,
  ];
  return known.includes(state);
}

/**
 * Whether there was a Manifest before: the record says so, or it was seen since the record was written. A hook that found
 * none has written so in the record.
 */
export function hadManifest({ scene, seenAccepting }: Memory): boolean {
  const record = valueOf(scene?.record);
  if (record?.manifestFingerprint !== undefined) return true;
  if (seenAccepting === undefined) return false;
  return record === undefined || record.time <= seenAccepting;
}

function isReplaced({ coordinator, record }: Scene): boolean {
  const before = valueOf(record)?.rootCertificate;
  const present = coordinator?.rootCertificate;
  return before !== undefined && present !== undefined && before !== present;
}
