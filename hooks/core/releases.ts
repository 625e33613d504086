import coerce from 'semver/functions/coerce.js';
import type { SemVer } from 'semver';
import compare from 'semver/functions/compare.js';
import table from '../../schemas/releases.json' with { type: 'json' };

/** How a Coordinator takes recovery secrets: raw bytes, JSON on API v2, or JSON with a signature. */
export type RecoveryApi = 'raw' | 'v2' | 'v2-signed';

/** What is known of a Coordinator release (schemas/releases.json, where each field is described). */
export interface Release {
  /** The first version that this holds for. */
  from: string;
  securityVersion: number;
  sealFormat: number;
  stateFormat: number;
  recoveryApi: RecoveryApi;
  /** Whether a Manifest may have several RecoveryKeys. */
  recoveryKeys: 'one' | 'several';
  probePath: string;
  registryPath: string;
  /** Marbles that started under another epoch have to be restarted. */
  bootstrapping: number;
  /** Marbles that were built for another epoch have to be built anew. */
  dataPlane: number;
}

/** The facts about a Coordinator version; a newer or unreadable one (`latest`) behaves as the newest known. */
export function releaseOf(version: string): Release {
  const wanted = numbersOf(version);
  const rows = table.releases as Release[];
  const row = rows.findLast(({ from }) => wanted === null || compare(from, wanted) <= 0) ?? rows[0];
  if (row === undefined) throw new Error('schemas/releases.json has no releases');
  return row;
}

/** The numbers that a tag begins with, as the chart reads them: a pre-release counts as its release. */
function numbersOf(version: string): SemVer | null {
  return /^v?\d+\.\d+/.test(version) ? coerce(version) : null;
}

/** Whether a version is one of the releases that the table knows, such as `v1.9.1`. */
export function isKnownRelease(version: string): boolean {
  const plain = version.replace(/^v/, '');
  return table.versions.includes(plain);
}

/** The newest release that the table knows, as its tag: `v1.9.2`. */
export function newestRelease(): string {
  return `v${table.versions.at(-1) ?? ''}`;
}

/** Whether `version` comes before `boundary`. False when it cannot be read: then it is taken for the newest. */
export function isBefore(version: string, boundary: string): boolean {
  const wanted = numbersOf(version);
  return wanted !== null && compare(wanted, boundary) < 0;
}

/** The first version that has this value in this field, such as a format; undefined when none has. */
export function firstWith<Field extends keyof Release>(
  field: Field,
  value: Release[Field],
): string | undefined {
  const row = (table.releases as Release[]).find((release) => release[field] === value);
  return row === undefined ? undefined : `v${row.from}`;
}
