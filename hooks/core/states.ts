import type { Known } from './known.ts';

/** The Coordinator's own state codes (MarbleRun v1.9.1, coordinator/state/state.go). */
export const CoordinatorState = {
  Uninitialized: 0,
  /** It cannot unseal its state and waits for the recovery secrets. */
  Recovery: 1,
  /** It has no Manifest yet. */
  AcceptingManifest: 2,
  /** A Manifest is in force and Marbles can start. */
  AcceptingMarbles: 3,
} as const;

export type CoordinatorState = (typeof CoordinatorState)[keyof typeof CoordinatorState];

/** The state as MarbleRun writes it, with its number: `3 AcceptingMarbles`. */
export function stateName(state: number): string {
  const entry = Object.entries(CoordinatorState).find(([, code]) => code === state);
  return entry === undefined ? `${state} (unknown to this version of the hooks)` : `${state} ${entry[0]}`;
}

/** What a running Coordinator tells without authentication. */
export interface CoordinatorFacts {
  state: number;
  /**
   * SHA-256 of the certificates in hex. Only in state 3: in Recovery the certificate is a temporary one, and without a
   * Manifest each start makes a new one (v1.5 and later seal nothing before that).
   */
  rootCertificate?: string;
  intermediateCertificate?: string;
  /** The Manifest in force; only in state 3. */
  manifest?: ManifestFacts;
  /** The update log, oldest first; only in state 3. */
  updates?: Known<UpdateEntry[]>;
  /** The update that waits, if one does; only in state 3. */
  pendingUpdate?: Known<PendingUpdate | undefined>;
}

/** What the sealed key can be unsealed by (MarbleRun docs, define-manifest: `Config.SealMode`). */
export type SealMode = 'ProductKey' | 'UniqueKey' | 'Disabled';

/** One entry of the Coordinator's update log. */
export interface UpdateEntry {
  /** RFC 3339 in UTC; empty when the entry tells none. */
  time: string;
  /** What was updated: of a Package, a secret or the Manifest. */
  text: string;
}

/** A Manifest update that waits for acknowledgements. */
export interface PendingUpdate {
  missingUsers: string[];
}

export interface ManifestFacts {
  /** SHA-256 of the Manifest as it was set, in hex. */
  fingerprint: string;
  /** Names of the RecoveryKeys. */
  recoveryKeys: string[];
  /** Of each RecoveryKey that is a public key, by its name: SHA-256 of it in DER (PKIX), in hex. */
  recoveryKeyDigests: Record<string, string>;
  /** How many recovery secrets a recovery needs. */
  recoveryThreshold: number;
  sealMode: SealMode;
  /** The most activations by Marble type, where the Manifest bounds them. */
  maxActivations: Record<string, number>;
  /** Whether its templates are in the form of v0.4 and before. */
  oldTemplates: boolean;
  /** Packages that list AcceptedTCBStatuses without SWHardeningNeeded. */
  unlistedHardening: string[];
  /** Whether the keys of single Marbles are bound to the Marble's name from v1.6.0 on. */
  bindsSecrets: boolean;
}
