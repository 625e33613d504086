import type { Problem } from '../findings.ts';
import type { Manifest } from '../model.ts';
import { doubtful, told } from '../problem.ts';

/** Whether the recovery secrets stay good (v1.9.1: clientapi/update.go, recoveryKeysHaveChanged). */
export function checkRecoveryChange(before: Manifest, after: Manifest): Problem[] {
  if (!changed(before, after)) {
    const keep = 'The RecoveryKeys stay, and with them the recovery secrets that their owners have.';
    return after.RecoveryKeys.size === 0
      ? []
      : [told('recovery-secrets-renewed', ['RecoveryKeys'], keep, '')];
  }
  if (after.RecoveryKeys.size === 0) return [];
  const needed = neededOf(after);
  const owners = [...after.RecoveryKeys.keys()];
  const message = `New recovery secrets are made, and all old ones are useless. The one whose acknowledgement is the last gets them, for ${owners.join(', ')}; ${needed} of ${owners.length} will be needed for a recovery.`;
  const remedy = 'Save them (--recoverydata FILE) and hand them on: they are given out once.';
  return [doubtful('recovery-secrets-renewed', ['RecoveryKeys'], message, remedy)];
}

/** A threshold of 0 means all keys. */
function neededOf({ RecoveryKeys, Config }: Manifest): number {
  return Number(Config.RecoveryThreshold) || RecoveryKeys.size;
}

function changed(before: Manifest, after: Manifest): boolean {
  if (before.RecoveryKeys.size !== after.RecoveryKeys.size) return true;
  if (neededOf(before) !== neededOf(after)) return true;
  return [...before.RecoveryKeys].some(([name, key]) => after.RecoveryKeys.get(name) !== key);
}
