import type { Problem } from '../findings.ts';
import type { Manifest } from '../model.ts';
import { doubtful, refused, told } from '../problem.ts';
import { manifestUpdaters } from '../updaters.ts';

/** Who must acknowledge a full update: users of the Manifest in force (v1.9.1: clientapi.go, UpdateManifest). */
export function checkAcknowledgements(before: Manifest, after: Manifest): Problem[] {
  const users = manifestUpdaters(before);
  if (users.length === 0) {
    const message =
      'No user of the Manifest in force may update the Manifest: it can only be set anew, in a new mesh.';
    const remedy = 'An update of nothing but Packages and SecurityVersion may still be possible.';
    return [refused('update-not-permitted', [], message, remedy)];
  }
  const threshold = Number(before.Config.UpdateThreshold);
  const needed = threshold === 0 ? users.length : threshold;
  return [
    told('update-acknowledgements', [], whoMust(users, needed), howTo(needed)),
    ...lockedOut(users, after),
  ];
}

function whoMust(users: readonly string[], needed: number): string {
  const [only = ''] = users;
  if (users.length === 1) return `The user ${only} can send this update; it is in force at once.`;
  if (needed === 1)
    return `Each of the users ${users.join(', ')} can send this update; it is in force at once.`;
  const who = needed === users.length ? `All of the users` : `${needed} of the users`;
  return `${who} ${users.join(', ')} must acknowledge this update; the one who sends it counts as the first.`;
}

function howTo(needed: number): string {
  return needed <= 1
    ? ''
    : 'marblerun manifest update apply, then each other user: marblerun manifest update acknowledge, with the same file to the byte.';
}

/** The users of the new Manifest decide on the next update. */
function lockedOut(users: readonly string[], after: Manifest): Problem[] {
  const left = new Set(manifestUpdaters(after));
  const gone = users.filter((name) => !left.has(name));
  if (gone.length === 0) return [];
  const message = `${gone.join(', ')} may not update the Manifest any more, once this update is in force.`;
  return [
    doubtful('update-locks-out', ['Users'], message, 'Leave their role, unless this is what you want.'),
  ];
}
