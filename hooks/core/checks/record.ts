import { acknowledgementToken } from '../acknowledge.ts';
import type { PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { valueOf } from '../known.ts';
import { recordName, type RolloutRecord } from '../record.ts';
import { CoordinatorState, type CoordinatorFacts } from '../states.ts';

/** Whether the Coordinator still is the one that the last rollout saw. */
export function checkRecord({ record, coordinator }: PreflightFacts): Finding[] {
  const subject = `configmap/${recordName}`;
  if (!record.known) {
    return [
      {
        code: 'record-unreadable',
        severity: 'warn',
        subject,
        message: `What the last rollout saw is not known: ${record.why}.`,
        remedy: 'The next successful rollout writes it anew.',
      },
    ];
  }
  const now = valueOf(coordinator);
  if (now === undefined || record.value === undefined) return [];
  return [...lost(record.value, now), ...replaced(record.value, now)];
}

function lost({ manifestFingerprint: before }: RolloutRecord, now: CoordinatorFacts): Finding[] {
  if (before === undefined || now.state !== CoordinatorState.AcceptingManifest) return [];
  return [
    {
      code: 'state-lost',
      severity: 'block',
      subject: 'the Coordinator',
      message: `It has no Manifest, but the last rollout saw one (${before.slice(0, 12)}). Its state is lost or another volume is mounted.`,
      remedy: 'Find the volume with the sealed state before anything else. To start anew, acknowledge this.',
      token: acknowledgementToken('state-lost', [before, now.rootCertificate ?? '']),
    },
  ];
}

function replaced(record: RolloutRecord, now: CoordinatorFacts): Finding[] {
  const before = record.manifestFingerprint === undefined ? undefined : record.rootCertificate;
  if (now.state !== CoordinatorState.AcceptingMarbles || before === undefined) return [];
  if (now.rootCertificate === undefined || now.rootCertificate === before) return [];
  return [
    {
      code: 'state-replaced',
      severity: 'block',
      subject: 'the Coordinator',
      message: `Its root certificate is ${now.rootCertificate.slice(0, 12)}, but the last rollout saw ${before.slice(0, 12)}: another state took the place of the old one.`,
      remedy:
        'If a new Manifest was set on purpose, acknowledge this; clients have to trust the new certificate.',
      token: acknowledgementToken('state-replaced', [before, now.rootCertificate]),
    },
  ];
}
