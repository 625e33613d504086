import { known, unknown, type Known } from './known.ts';
import type { ManifestFacts } from './states.ts';

/** Name of the ConfigMap that holds the record. The hooks make it; it is no part of the Helm release. */
export const recordName = 'marblerun-coordinator-record';
/** The ConfigMap's only key. */
export const recordKey = 'record.json';
const schemaVersion = 1;

/** How many parties the Manifest names for a recovery, and how many of them it takes. */
export interface RecoveryKeys {
  parties: number;
  threshold: number;
  /** By the name of each party, SHA-256 of its public key in DER (PKIX), in hex. An older record has none. */
  digests?: Readonly<Record<string, string>>;
}

/** What a recovery takes by this Manifest. */
export function recoveryKeysOf({
  recoveryKeys,
  recoveryKeyDigests: digests,
  recoveryThreshold: threshold,
}: ManifestFacts): RecoveryKeys {
  const parties = recoveryKeys.length;
  return { parties, threshold, ...(Object.keys(digests).length === 0 ? {} : { digests }) };
}

/** What the last successful rollout saw (schemas/record.schema.json). */
export interface RolloutRecord {
  schemaVersion: 1;
  /** RFC 3339. */
  time: string;
  chartVersion: string;
  /** At least the release's revision; a rollback counts one up, since it is rendered with an older one's number. */
  revision?: number;
  coordinator: {
    version: string;
    image: string;
    node: string;
    /** All nodes, where several Coordinators share the state. */
    nodes?: readonly string[];
  };
  rootCertificate?: string;
  intermediateCertificate?: string;
  manifestFingerprint?: string;
  /** Of that Manifest, which a Coordinator that needs recovery cannot tell. */
  recoveryKeys?: RecoveryKeys;
  /** What Marbles that carry no key of their own are taken to have started under. */
  startedUnder?: string;
  /** Bootstrapping epoch of the version then. */
  bootstrapping?: number;
  /**
   * RFC 3339: when a rollout last ended well, with its Marbles. The record itself is also written where none has: by preflight, by
   * the anchor, and by a hook that hands the Marbles to a Job.
   */
  completed?: string;
  /** What the user set: the values that are no defaults of the chart, secrets as digests. Once it held all values. */
  values: Readonly<Record<string, unknown>>;
}

const optionalStrings = [
  'rootCertificate',
  'intermediateCertificate',
  'manifestFingerprint',
  'startedUnder',
  'completed',
] as const;

/**
 * Reads a record; undefined means that there is none. One that is broken, or written by a newer program, is unknown
 * and never an error.
 */
export function readRecord(text: string | undefined): Known<RolloutRecord | undefined> {
  if (text === undefined) return known(undefined);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return unknown('it is not JSON');
  }
  const record = document as Partial<RolloutRecord> | null;
  if (record?.schemaVersion !== schemaVersion) {
    return unknown(
      `it has schema version ${JSON.stringify(record?.schemaVersion)}, this program knows ${schemaVersion}`,
    );
  }
  if (typeof record.coordinator?.version !== 'string' || typeof record.coordinator.node !== 'string') {
    return unknown('it names no Coordinator');
  }
  if (!isTexts(record.coordinator.nodes)) return unknown('its nodes are no list of texts');
  if (!['number', 'undefined'].includes(typeof record.revision)) return unknown('its revision is no number');
  if (!isRecoveryKeys(record.recoveryKeys)) return unknown('its recoveryKeys are no numbers');
  const wrong = optionalStrings.find((field) => !['string', 'undefined'].includes(typeof record[field]));
  return wrong === undefined ? known(record as RolloutRecord) : unknown(`its ${wrong} is no text`);
}

function isTexts(list: unknown): boolean {
  return list === undefined || (Array.isArray(list) && list.every((each) => typeof each === 'string'));
}

function isRecoveryKeys(keys: unknown): keys is RecoveryKeys | undefined {
  if (keys === undefined) return true;
  const { parties, threshold, digests = {} } = (keys ?? {}) as Partial<RecoveryKeys>;
  return Number.isInteger(parties) && Number.isInteger(threshold) && isTexts(Object.values(digests));
}

/** The ConfigMap's data for a record. */
export function writeRecord(record: RolloutRecord): string {
  return JSON.stringify(record, null, 2);
}

/**
 * Whether the hooks run for a `helm rollback`: it applies what an older revision rendered, so that the revision they are
 * told is one that was rolled out before. Helm tells hooks nothing else about it.
 */
export function isRollback(revision: number, record: RolloutRecord | undefined): boolean {
  return record?.revision !== undefined && revision <= record.revision;
}

/**
 * The revision that a record gets for what a rollout saw under the revision it was told. A rollback is rendered with an older one
 * and counts one up; a hook that is run again sees what the record says already, and counts nothing.
 */
export function countedRevision(seen: RolloutRecord, before: RolloutRecord | undefined): number {
  const told = seen.revision ?? 0;
  if (before?.revision === undefined || !isRollback(told, before)) return told;
  return contentOf(seen) === contentOf(before) ? before.revision : before.revision + 1;
}

function contentOf(record: RolloutRecord): string {
  return JSON.stringify({ ...record, time: '', revision: 0, completed: '' });
}
