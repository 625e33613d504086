import type { Severity } from '../findings.ts';
import type { Path } from './path.ts';
import type { Position } from './source.ts';

/**
 * Everything that `check-manifest` can find. The list is closed: each code has a row in docs/manifests.md, and a test
 * holds the two together.
 */
export const manifestCodes = [
  'not-readable',
  'wrong-type',
  'unknown-key',
  'duplicate-key',
  'section-empty',
  'ignored-by-version',
  'package-undefined',
  'package-ambiguous',
  'package-incomplete',
  'package-debug',
  'package-unused',
  'identifier-malformed',
  'tcb-status-unknown',
  'tls-undefined',
  'tls-incomplete',
  'tls-certificate',
  'content-undecodable',
  'env-null-byte',
  'template-invalid',
  'not-checked',
  'argv-template',
  'user-certificate',
  'role-undefined',
  'role-type-unknown',
  'role-action-unknown',
  'role-resource',
  'secret-type-unknown',
  'secret-size',
  'secret-not-generated',
  'secret-validity',
  'secret-certificate',
  'update-threshold',
  'no-updaters',
  'seal-mode',
  'feature-gate-unknown',
  'hsm-environment',
  'recovery-key-unreadable',
  'recovery-threshold',
  'recovery-keys-too-many',
  'recovery-impossible',
  'update-empty',
  'update-unchanged',
  'update-package-undefined',
  'update-forbidden-value',
  'update-security-version-missing',
  'update-downgrade',
  'security-version-lowered',
  'update-by-unique-id',
  'update-ignored',
  'update-pending',
  'update-not-permitted',
  'update-acknowledgements',
  'update-locks-out',
  'recovery-secrets-renewed',
  'secret-values-lost',
  'marbles-restart',
  'marbles-rebuild',
  'marbles-removed',
] as const;

export type ManifestCode = (typeof manifestCodes)[number];

/** What a rule says; where it stands in the file is added afterwards. */
export interface Problem {
  code: ManifestCode;
  /** `block`: the Coordinator refuses the Manifest. `warn`: it takes it, silently. `info`: good to know. */
  severity: Severity;
  path: Path;
  message: string;
  /** What a person does about it; empty when nothing is to be done. */
  remedy: string;
}

/** One thing that the check says, with its place in the file. */
export interface ManifestFinding extends Omit<Problem, 'path'>, Position {
  path: string;
}
