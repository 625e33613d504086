import { createHash } from 'node:crypto';

/** Begins the names of the Secrets of the ring, `-1` and up, and is the name of the pod that writes them. */
export const backupName = 'marblerun-coordinator-backup';

/** Names of a ring's Secrets. They are fixed, so that rights can name them. */
export function ringOf(copies: number): string[] {
  return Array.from({ length: copies }, (_, index) => `${backupName}-${index + 1}`);
}

/** Files of the sealed state in the Coordinator's seal directory, and keys of a Secret that holds a copy. */
export const dataFile = 'sealed_data';
export const keyFile = 'sealed_key';
/** The Secret's key that says what the copy is. */
export const noteFile = 'backup.json';

/** Labels a Secret that holds a copy, as its component. */
export const backupComponent = 'coordinator-backup';
/** What its annotations tell of it, for people and for a look that leaves the content alone. */
export const backupAnnotations = {
  time: 'marblerun-hooks/backup-time',
  coordinatorVersion: 'marblerun-hooks/coordinator-version',
  node: 'marblerun-hooks/node',
} as const;

/** The files of a sealed state; no key where there is none to be had. */
export interface SealedFiles {
  data: Uint8Array;
  key: Uint8Array | undefined;
}

/** What a copy is, kept beside it. */
export interface BackupNote {
  schemaVersion: 1;
  /** RFC 3339, in UTC with milliseconds. */
  time: string;
  coordinatorVersion: string;
  /** The node whose CPU sealed the state; empty when not known. */
  node: string;
  /** SHA-256 of the files in hex. */
  dataSha256: string;
  keySha256?: string;
  /** SHA-256 of the Manifest in force, in hex; only where the Coordinator told it. */
  manifestFingerprint?: string;
}

/** A whole copy. */
export interface SealedCopy extends SealedFiles {
  note: BackupNote;
}

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** RFC 3339 as `toISOString` writes it: such texts sort by time. */
const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Reads a note; undefined when it is none, or of another schema version. */
export function readNote(text: string): BackupNote | undefined {
  let note: Partial<BackupNote> | null;
  try {
    note = JSON.parse(text) as Partial<BackupNote> | null;
  } catch {
    return undefined;
  }
  if (note?.schemaVersion !== 1) return undefined;
  const texts = [note.time, note.coordinatorVersion, note.node, note.dataSha256];
  if (texts.some((value) => typeof value !== 'string')) return undefined;
  return timeForm.test(note.time ?? '') ? (note as BackupNote) : undefined;
}

/** Whether the files are those that the note was written for. */
export function isIntact({ note, data, key }: SealedCopy): boolean {
  const keySum = key === undefined ? undefined : sha256(key);
  return sha256(data) === note.dataSha256 && keySum === note.keySha256;
}
