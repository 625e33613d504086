import { acknowledgementToken } from '../acknowledge.ts';
import type { PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { liveVersion } from '../image.ts';
import { valueOf } from '../known.ts';
import { isBefore } from '../releases.ts';

/** What in the Manifest in force the new version reads in another way, so that Marbles start differently or not at all. */
export function checkManifest(facts: PreflightFacts): Finding[] {
  const manifest = valueOf(facts.coordinator)?.manifest;
  if (manifest === undefined) return [];
  const crosses = crossing(facts);
  const findings: Finding[] = [];
  if (manifest.oldTemplates && crosses('0.5.0')) {
    findings.push({
      code: 'manifest-outdated',
      severity: 'block',
      subject: 'the Manifest in force',
      message:
        'Its templates use the prefix .Marblerun, which is .MarbleRun from v0.5.0 on: every activation would fail, and no Marble could start.',
      remedy: 'A new Manifest is needed, and with it a new mesh. To go that way, acknowledge this.',
      token: acknowledgementToken('manifest-outdated', [manifest.fingerprint]),
    });
  }
  if (manifest.unlistedHardening.length > 0 && crosses('1.4.1')) {
    findings.push(
      changed(
        `Package ${manifest.unlistedHardening.join(', ')} lists AcceptedTCBStatuses without SWHardeningNeeded. From v1.4.1 on, a Marble on a platform with that status is refused when it starts.`,
        'Add SWHardeningNeeded to AcceptedTCBStatuses if your platforms have that status.',
      ),
    );
  }
  if (manifest.bindsSecrets && crosses('1.6.0')) {
    findings.push(
      changed(
        "From v1.6.0 on, symmetric keys that are not shared are derived with the Marble's name, too: a Marble that keeps its UUID gets another key when it starts again, and cannot read what it encrypted.",
        'Set DisableSecretBinding for Marbles that keep their UUID, or have them encrypt their data anew.',
      ),
    );
  }
  return findings;
}

/** Whether the upgrade goes from before a version to it or past it. */
function crossing({ settings, live }: PreflightFacts): (boundary: string) => boolean {
  const from = liveVersion(live, settings.coordinator);
  return (boundary) =>
    from !== undefined && isBefore(from, boundary) && !isBefore(settings.coordinator.version, boundary);
}

function changed(message: string, remedy: string): Finding {
  return {
    code: 'manifest-read-differently',
    severity: 'warn',
    subject: 'the Manifest in force',
    message,
    remedy,
  };
}
