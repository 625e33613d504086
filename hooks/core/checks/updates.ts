import { acknowledgementToken } from '../acknowledge.ts';
import type { PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { liveVersion } from '../image.ts';
import { isBefore } from '../releases.ts';
import { valueOf } from '../known.ts';

/** Manifest updates that the restart of the Coordinator would lose, and ones that are not in force yet. */
export function checkUpdates(facts: PreflightFacts): Finding[] {
  return [...unsealed(facts), ...pending(facts)];
}

/** The log's entry for a Manifest that was set rather than updated (MarbleRun: coordinator/clientapi, SetManifest). */
const manifestSet = 'Initial manifest set';

/**
 * From v1.5.0 to v1.6.0 a Coordinator that was started with a state does not seal what changes afterwards: its seal mode
 * is not read back (stdstore.go, mended in v1.7.0). One that was given its Manifest since it started does.
 */
function unsealed(facts: PreflightFacts): Finding[] {
  const running = liveVersion(facts.live, facts.settings.coordinator);
  if (running === undefined || isBefore(running, '1.5.0') || !isBefore(running, '1.7.0')) return [];
  const updates = valueOf(facts.coordinator)?.updates;
  if (updates === undefined) return [];
  if (!updates.known) return [maybeUnsealed(running, updates.why)];
  const started = startOf(facts);
  if (started === undefined) return [maybeUnsealed(running, 'the time at which it started cannot be read')];
  const lost = updates.value.filter(({ time }) => time > started);
  if (lost.length === 0 || lost.some(({ text }) => text.startsWith(manifestSet))) return [];
  const list = lost.map(({ time, text }) => `${text} (${time})`).join('; ');
  return [
    {
      code: 'updates-not-sealed',
      severity: 'block',
      subject: 'the Coordinator',
      message: `${running} has not sealed what was updated since it started at ${started}, and the upgrade loses it: ${list}.`,
      remedy:
        'Nothing can seal it now. Have these updates at hand, acknowledge this, and make them again after the upgrade to v1.7.0 or later.',
      token: acknowledgementToken('updates-not-sealed', [started, ...lost.map(({ time }) => time)]),
    },
  ];
}

function maybeUnsealed(running: string, why: string): Finding {
  return {
    code: 'updates-not-sealed',
    severity: 'warn',
    subject: 'the Coordinator',
    message: `${running} does not seal updates that are made after a restart. Whether there are any is not known: ${why}.`,
    remedy: 'Compare `marblerun manifest log` with the start of the pod by hand.',
  };
}

/** When the Coordinator's container started, in RFC 3339 and UTC, as kubelets write it. */
function startOf({ settings, pods }: PreflightFacts): string | undefined {
  const statuses = pods[0]?.status?.containerStatuses ?? [];
  return statuses.find(({ name }) => name === settings.coordinator.container)?.state?.running?.startedAt;
}

function pending({ settings, coordinator }: PreflightFacts): Finding[] {
  const update = valueOf(coordinator)?.pendingUpdate;
  if (update === undefined || (update.known && update.value === undefined)) return [];
  const subject = 'the Manifest in force';
  if (!update.known) {
    const message = `Whether a Manifest update waits for acknowledgements is not known: ${update.why}.`;
    const remedy = 'Look with: marblerun manifest update get';
    return [{ code: 'manifest-update-pending', severity: 'warn', subject, message, remedy }];
  }
  const missing = update.value?.missingUsers.join(', ') ?? '';
  const older = isBefore(settings.coordinator.version, '1.9.0');
  const outcome = older
    ? `${settings.coordinator.version} does not know pending updates, so it would never come into force.`
    : 'It stays pending, and what it changes does not apply to this upgrade.';
  return [
    {
      code: 'manifest-update-pending',
      severity: 'warn',
      subject,
      message: `A Manifest update waits for acknowledgements by ${missing}. ${outcome}`,
      remedy:
        'Finish it first with `marblerun manifest update acknowledge`, or drop it with `marblerun manifest update cancel`.',
    },
  ];
}
