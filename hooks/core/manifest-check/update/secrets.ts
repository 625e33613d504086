import type { Problem } from '../findings.ts';
import type { Manifest, Secret } from '../model.ts';
import { doubtful } from '../problem.ts';

/**
 * Secrets whose values do not outlast the update (v1.9.1: clientapi/update.go, updateSecrets). Certificates are made anew
 * with each update, which is what they are for; keys and what users uploaded hold data together.
 */
export function checkSecretChange(before: Manifest, after: Manifest): Problem[] {
  return [...before.Secrets].flatMap(([name, secret]) => {
    if (secret.Type.startsWith('cert-') && !secret.UserDefined) return [];
    const why = lostBecause(secret, after.Secrets.get(name), after);
    if (why === undefined) return [];
    const value = secret.UserDefined ? 'what a user has uploaded' : 'its key';
    const message = `The Secret ${name} loses its value (${value}): ${why}.`;
    const remedy = secret.UserDefined
      ? 'Leave it as it was, or upload it again: marblerun secret set.'
      : 'Leave it as it was, or have Marbles encrypt anew what they encrypted with it (.Previous.Secrets).';
    return [doubtful('secret-values-lost', ['Secrets', name], message, remedy)];
  });
}

function lostBecause(before: Secret, after: Secret | undefined, { Config }: Manifest): string | undefined {
  if (after === undefined) return 'it is not in the new Manifest';
  const differs = (['Type', 'Size', 'Shared', 'UserDefined', 'ValidFor'] as const).filter(
    (key) => before[key] !== after[key],
  );
  if (differs.length > 0) return `its ${differs.join(' and ')} is another one`;
  if (Config.RotateRootSecret && !after.UserDefined) return 'RotateRootSecret is set';
  return undefined;
}
