import { acknowledgementToken } from '../acknowledge.ts';
import type { PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { liveVersion } from '../image.ts';
import { valueOf } from '../known.ts';
import { placementVerdict } from '../placement/verdict.ts';
import { isBefore, releaseOf } from '../releases.ts';
import { sealBreaks } from '../sealing.ts';
import type { ManifestFacts } from '../states.ts';
import { sealedToNode } from './placement.ts';

/**
 * Whether the Manifest in force can be recovered at all, with the version that would have to do it. Where this upgrade
 * can bring a recovery about, that it cannot is the gravest thing to find; otherwise it is a warning.
 */
export function checkRecoveryKeys(facts: PreflightFacts): Finding[] {
  const manifest = valueOf(facts.coordinator)?.manifest;
  if (manifest === undefined) return [];
  const possible = recoveryPossible(facts);
  if (facts.settings.coordinator.simulation && !possible) return [];
  return [...noKeys(facts, manifest, possible), ...tooManyKeys(facts, manifest, possible)];
}

/** Whether this upgrade can end in state 1, for all that is known. */
function recoveryPossible(facts: PreflightFacts): boolean {
  if (sealBreaks(facts).some(({ code }) => code !== 'state-format-changed')) return true;
  const { kind } = placementVerdict(facts);
  return sealedToNode(facts) && !['stays', 'hands-on-key', 'unknown'].includes(kind);
}

function noKeys(facts: PreflightFacts, manifest: ManifestFacts, possible: boolean): Finding[] {
  if (manifest.recoveryKeys.length > 0) return [];
  const message =
    'The Manifest has no RecoveryKeys, so a Coordinator that cannot unseal its state loses it for good.';
  return [unrecoverable('no-recovery-keys', manifest, possible, { message, remedy: howToGetKeys(facts) })];
}

/** Full Manifest updates came with v1.9.0; before, RecoveryKeys are what they were when the Manifest was set. */
function howToGetKeys({ settings, live }: PreflightFacts): string {
  const running = liveVersion(live, settings.coordinator) ?? settings.coordinator.version;
  const update =
    'add a RecoveryKey with `marblerun manifest update apply`, and keep the recovery secrets that it answers with (--recoverydata)';
  return isBefore(running, '1.9.0')
    ? `${running} cannot add them to a Manifest that is in force. Upgrade on the same node to v1.9.0 or later first, then ${update}.`
    : `Before you upgrade, ${update}.`;
}

/** Several RecoveryKeys came with v1.9.0; an older Coordinator cannot put their secrets together. */
function tooManyKeys(facts: PreflightFacts, manifest: ManifestFacts, possible: boolean): Finding[] {
  const { version } = facts.settings.coordinator;
  const count = manifest.recoveryKeys.length;
  if (count < 2 || releaseOf(version).recoveryKeys === 'several') return [];
  const message = `The Manifest has ${count} RecoveryKeys, and ${version} can recover with one only.`;
  const remedy = 'Stay on v1.9.0 or later.';
  return [unrecoverable('recovery-keys-unusable', manifest, possible, { message, remedy })];
}

function unrecoverable(
  code: 'no-recovery-keys' | 'recovery-keys-unusable',
  { fingerprint }: ManifestFacts,
  possible: boolean,
  { message, remedy }: { message: string; remedy: string },
): Finding {
  const subject = 'the Manifest in force';
  if (!possible) return { code, severity: 'warn', subject, message, remedy };
  return {
    code,
    severity: 'block',
    subject,
    message: `${message} This upgrade can bring that about.`,
    remedy,
    token: acknowledgementToken(code, [fingerprint]),
  };
}
