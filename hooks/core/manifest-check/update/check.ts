import { isBefore } from '../../releases.ts';
import type { Decoded } from '../decode.ts';
import type { Problem } from '../findings.ts';
import type { Manifest } from '../model.ts';
import { refused } from '../problem.ts';
import { checkAcknowledgements } from './acknowledgements.ts';
import { checkConsequences } from './consequences.ts';
import { checkLowered, checkPackageUpdate } from './packages.ts';
import { checkRecoveryChange } from './recovery.ts';
import { checkSecretChange } from './secrets.ts';

/** The Manifest in force, and what else is known of it. */
export interface InForce {
  manifest: Manifest;
  /**
   * SecurityVersions that package updates have raised since: the Coordinator goes on to give out the Manifest as it was
   * before them.
   */
  raised: ReadonlyMap<string, bigint>;
  /** Users who have still to acknowledge another update; undefined when none waits. */
  pending?: readonly string[];
}

/** `packages`: only SecurityVersions are raised. `full`: the Manifest is replaced. */
export type UpdateKind = 'packages' | 'full';

/** What an update may and may not change, who must acknowledge it, and what follows from it. */
export function checkUpdate(
  decoded: Decoded,
  version: string,
  inForce: InForce,
): { kind: UpdateKind; problems: Problem[] } {
  const kind = kindOf(decoded.manifest, version);
  const before = raised(inForce);
  const rules =
    kind === 'packages'
      ? [checkPackageUpdate(decoded, before, version)]
      : [
          checkAcknowledgements(before, decoded.manifest),
          checkLowered(before, decoded.manifest),
          checkRecoveryChange(before, decoded.manifest),
          checkSecretChange(before, decoded.manifest),
        ];
  const consequences = checkConsequences(before, decoded.manifest, kind);
  return { kind, problems: [...pending(inForce), ...rules.flat(), ...consequences] };
}

/** Nothing but Packages (and Config, which is not looked at) makes it an update of Packages (v1.9.1: IsUpdateManifest). */
function kindOf(manifest: Manifest, version: string): UpdateKind {
  const { Infrastructures, Marbles, Users, RecoveryKeys, Roles, Secrets, TLS } = manifest;
  const others = [Infrastructures, Marbles, Users, RecoveryKeys, Roles, Secrets, TLS];
  // Before v1.9.0 there is no other kind.
  const packages = isBefore(version, '1.9.0') || others.every(({ size }) => size === 0);
  return packages ? 'packages' : 'full';
}

function raised({ manifest, raised }: InForce): Manifest {
  const Packages = new Map(
    [...manifest.Packages].map(([name, content]) => [
      name,
      { ...content, SecurityVersion: raised.get(name) ?? content.SecurityVersion },
    ]),
  );
  return { ...manifest, Packages };
}

function pending({ pending }: InForce): Problem[] {
  if (pending === undefined) return [];
  const message = `Another update waits for ${pending.join(', ') || 'acknowledgements'}, and there can be one at a time.`;
  const remedy =
    'Have it acknowledged (marblerun manifest update acknowledge) or cancel it (marblerun manifest update cancel).';
  return [refused('update-pending', [], message, remedy)];
}
