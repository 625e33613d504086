import type { BackupNote } from './copy.ts';
import { copiesOf, type Slot } from './ring.ts';

/** One copy as a person is shown it. */
export interface ListedCopy {
  secret: string;
  time: string;
  coordinatorVersion: string;
  node: string;
  dataSha256: string;
  withKey: boolean;
  /** Whether it was made under the Manifest in force; undefined where one of the two is not known. */
  sameManifest: boolean | undefined;
}

/** The copies that there are, newest first, and the Secrets that are none (schemas/backup.schema.json). */
export interface CopyList {
  schemaVersion: 1;
  copies: ListedCopy[];
  foreign: string[];
}

/** Which copies there are, and which of them belong to the mesh whose Manifest has this fingerprint. */
export function listOf(slots: readonly Slot[], fingerprint: string | undefined): CopyList {
  return {
    schemaVersion: 1,
    copies: copiesOf(slots)
      .toReversed()
      .map(({ name, copy: { note } }) => listed(name, note, fingerprint)),
    foreign: slots.filter(({ kind }) => kind === 'foreign').map(({ name }) => name),
  };
}

function listed(secret: string, note: BackupNote, fingerprint: string | undefined): ListedCopy {
  const { time, coordinatorVersion, node, dataSha256, keySha256, manifestFingerprint: own } = note;
  const sameManifest = own === undefined || fingerprint === undefined ? undefined : own === fingerprint;
  const withKey = keySha256 !== undefined;
  return { secret, time, coordinatorVersion, node, dataSha256, withKey, sameManifest };
}

/** The list as a table, for a terminal. */
export function listLines({ copies, foreign }: CopyList, namespace: string): string[] {
  const head = ['SECRET', 'TIME', 'VERSION', 'NODE', 'SHA-256', 'KEY', 'MANIFEST'];
  const rows = [head, ...copies.map(cellsOf)];
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const table = rows.map((cells) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    ...(copies.length === 0 ? [`There is no copy of a sealed state in namespace ${namespace}.`] : table),
    ...foreign.map((name) => `secret/${name} is no whole copy, and is left alone.`),
  ];
}

function cellsOf({ sameManifest, withKey, ...copy }: ListedCopy): string[] {
  const { secret, time, coordinatorVersion, node, dataSha256 } = copy;
  const manifest = sameManifest === undefined ? 'not known' : sameManifest ? 'in force' : 'another';
  const key = withKey ? 'sealed' : 'none';
  return [secret, time, coordinatorVersion, node === '' ? '-' : node, dataSha256.slice(0, 12), key, manifest];
}
