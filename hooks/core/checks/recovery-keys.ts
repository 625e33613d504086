import { acknowledgementToken } from '../acknowledge.ts';
import type { PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { valueOf } from '../known.ts';
import { placementVerdict } from '../placement/verdict.ts';
import { sealedToNode } from './placement.ts';

/**
 * A Manifest without RecoveryKeys cannot be recovered. That stops an upgrade which moves the Coordinator, and is a
 * warning otherwise.
 */
export function checkRecoveryKeys(facts: PreflightFacts): Finding[] {
  const manifest = valueOf(facts.coordinator)?.manifest;
  if (manifest === undefined || manifest.recoveryKeys.length > 0 || facts.settings.coordinator.simulation)
    return [];
  const kind = placementVerdict(facts).kind;
  const lost = sealedToNode(facts) && kind !== 'stays' && kind !== 'unknown';
  return [
    {
      code: 'no-recovery-keys',
      severity: lost ? 'block' : 'warn',
      subject: 'the Manifest in force',
      message: `The Manifest has no RecoveryKeys, so a Coordinator that cannot unseal its state loses it for good.${lost ? ' This upgrade can bring that about.' : ''}`,
      remedy:
        'Add a RecoveryKey with a Manifest update (from v1.9) and keep the recovery secret that it answers with.',
      ...(lost ? { token: acknowledgementToken('no-recovery-keys', [manifest.fingerprint]) } : {}),
    },
  ];
}
