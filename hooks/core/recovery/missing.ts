import type { Known } from '../known.ts';
import type { RecoveryKeys } from '../record.ts';
import { releaseOf } from '../releases.ts';
import type { Uploads } from './uploads.ts';

/** Whether more than one party may have to recover this Coordinator, so that its log tells something. */
export function severalParties(version: string, keys: RecoveryKeys | undefined): boolean {
  return releaseOf(version).recoveryKeys === 'several' && (keys === undefined || keys.parties > 1);
}

/** Why nobody can recover this Coordinator as it is; undefined where somebody can. */
export function recoveryObstacle(version: string, keys: RecoveryKeys | undefined): string | undefined {
  if (keys?.parties === 0) {
    return 'The Manifest has no RecoveryKeys, so nobody can recover it. Only the node and the version that sealed the state may open it again.';
  }
  if (keys !== undefined && keys.parties > 1 && releaseOf(version).recoveryKeys === 'one') {
    return `The Manifest has ${keys.parties} RecoveryKeys, and ${version} can recover with one only: go back to v1.9.0 or later.`;
  }
  return undefined;
}

/** How many parties are still missing, for people; where that is not known, why. */
export function missingParties(
  version: string,
  keys: RecoveryKeys | undefined,
  uploads: Known<Uploads>,
): string {
  if (!severalParties(version, keys)) return 'the recovery secret of its only party is missing';
  const unclear = whyUnclear(uploads);
  if (keys === undefined) return withoutKeys(uploads);
  const { parties, threshold } = keys;
  const needed = threshold < parties ? `${threshold} of ${parties} parties` : `all ${parties} parties`;
  if (unclear !== undefined) return `${needed} are needed; how many are missing is not known: ${unclear}`;
  const uploaded = uploads.known && typeof uploads.value === 'number' ? parties - uploads.value : 0;
  return `${needed} are needed, ${count(Math.max(0, threshold - uploaded))} missing`;
}

function count(missing: number): string {
  return missing === 1 ? '1 is' : `${missing} are`;
}

function whyUnclear(uploads: Known<Uploads>): string | undefined {
  if (!uploads.known) return uploads.why;
  return uploads.value === 'uncountable'
    ? 'the Coordinator has lost the data that it counts with'
    : undefined;
}

function withoutKeys(uploads: Known<Uploads>): string {
  if (uploads.known && typeof uploads.value === 'number') {
    return `by its own count ${uploads.value} of the parties' secrets remain; with a RecoveryThreshold fewer are needed`;
  }
  return 'how many parties are missing is not known: no record tells of the RecoveryKeys';
}
