/**
 * Everything a check can find. The list is closed: each code has a row in docs/findings.md, and a test holds the
 * two together.
 */
export const findingCodes = [
  'first-install',
  'coordinator-unreachable',
  'coordinator-needs-recovery',
  'placement-unknown',
  'node-refuses-coordinator',
  'recovery-expected',
  'may-move',
  'version-unknown',
  'version-not-of-chart',
  'security-version-downgrade',
  'seal-format-changed',
  'state-format-changed',
  'sealed-to-image',
  'state-not-sealed',
  'no-recovery-keys',
  'recovery-keys-unusable',
  'updates-not-sealed',
  'manifest-update-pending',
  'manifest-outdated',
  'manifest-read-differently',
  'marbles-unknown',
  'marbles-restart',
  'marbles-left-alone',
  'wave-unreadable',
  'marble-rebuild-needed',
  'activations-bounded',
  'injector-down',
  'injector-outdated',
  'value-invalid',
  'value-conflict',
  'old-key',
  'digest-mismatch',
  'another-store',
  'simulation-switched',
  'claim-lost',
  'claim-missing',
  'storage-refused',
  'storage-unknown',
  'claim-kept',
  'node-held',
  'strategy-switched',
  'image-taken-back',
  'backup-made',
  'backup-skipped',
  'backup-slot-taken',
  'fields-owned-by-others',
  'dry-run-failed',
  'record-unreadable',
  'setting-lost',
  'settings-unknown',
  'client-pins-unique-id',
  'client-demands-more',
  'client-policy-unreadable',
  'acknowledgement-stale',
  'rollback-refused',
  'rights-missing',
  'cluster-unreachable',
  'request-refused',
  'recovery-needed',
  'recovery-not-needed',
  'recovery-secret-refused',
  'coordinator-not-attested',
  'manifest-needed',
  'state-lost',
  'state-replaced',
  'coordinator-moved',
  'service-unreachable',
  'certificate-broken',
  'anchor-away',
  'roll-detached',
  'rollout-incomplete',
  'marble-restart-failed',
  'marble-not-restarted',
  'marbles-unfinished',
  'budgets-unknown',
] as const;

export type FindingCode = (typeof findingCodes)[number];

/** `block` stops the upgrade unless it is acknowledged, `warn` is to be read, `info` is good to know. */
export type Severity = 'block' | 'warn' | 'info';

/** One thing that a check says. */
export interface Finding {
  code: FindingCode;
  severity: Severity;
  /** The object it is about, as kubectl names it. */
  subject: string;
  /** What is the case, in one or two sentences. */
  message: string;
  /** What a person does about it; empty when nothing is to be done. */
  remedy: string;
  /** Accepts a blocking finding when it is listed in `hooks.acknowledge`. Covers this situation only. */
  token?: string;
  /** True when the token was listed, so that the finding no longer blocks. */
  acknowledged?: boolean;
}

/** Whether a set of findings lets the work go on. */
export function blocks(finding: Finding): boolean {
  return finding.severity === 'block' && finding.acknowledged !== true;
}
