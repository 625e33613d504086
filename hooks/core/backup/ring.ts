import { isIntact, readNote, type BackupNote, type SealedCopy } from './copy.ts';

/** One Secret of the ring: not there, a copy, or something that is not for us to overwrite. */
export type Slot =
  { name: string; kind: 'empty' } | { name: string; kind: 'foreign' } | ({ kind: 'copy' } & NamedCopy);

/** A copy, and the name of its Secret. */
export interface NamedCopy {
  name: string;
  copy: SealedCopy;
  /** Of the Secret when it was read, so that no later change of somebody else is overwritten. */
  resourceVersion?: string | undefined;
}

/** What a Secret holds, by key; undefined for one that is not there. */
export interface SlotContent {
  note?: string | undefined;
  data?: Uint8Array | undefined;
  key?: Uint8Array | undefined;
  resourceVersion?: string | undefined;
}

/** A copy is what has a note of ours that fits its files; anything else was made or changed by somebody else. */
export function slotOf(name: string, content: SlotContent | undefined): Slot {
  if (content === undefined) return { name, kind: 'empty' };
  const note = readNote(content.note ?? '');
  if (note === undefined || content.data === undefined) return { name, kind: 'foreign' };
  const copy = { note, data: content.data, key: content.key };
  if (!isIntact(copy)) return { name, kind: 'foreign' };
  return { name, kind: 'copy', copy, resourceVersion: content.resourceVersion };
}

/** Where a copy goes: nowhere when the newest one is the same already, or when no slot may be written. */
export type RingChoice =
  | { kind: 'unchanged'; name: string }
  | { kind: 'write'; name: string; over: NamedCopy | undefined }
  | { kind: 'taken' };

/**
 * Decides where a sealed state is copied to: into an empty slot, else over the oldest copy. Slots that somebody else
 * filled or changed are left alone. A state that the newest copy holds already is not copied again, so that upgrades
 * which change nothing do not wash the ring out.
 */
export function chooseSlot(
  slots: readonly Slot[],
  now: Pick<BackupNote, 'dataSha256' | 'keySha256'>,
): RingChoice {
  const copies = copiesOf(slots);
  const newest = copies.at(-1);
  const note = newest?.copy.note;
  if (newest !== undefined && note?.dataSha256 === now.dataSha256 && note.keySha256 === now.keySha256) {
    return { kind: 'unchanged', name: newest.name };
  }
  const free = slots.find(({ kind }) => kind === 'empty');
  const [oldest] = copies;
  if (free !== undefined) return { kind: 'write', name: free.name, over: undefined };
  return oldest === undefined ? { kind: 'taken' } : { kind: 'write', name: oldest.name, over: oldest };
}

/** The newest copy, or the one of that name; undefined where there is none. */
export function chooseCopy(slots: readonly Slot[], name: string): NamedCopy | undefined {
  const copies = copiesOf(slots);
  return name === '' ? copies.at(-1) : copies.find((slot) => slot.name === name);
}

/** The copies among them, oldest first. */
export function copiesOf(slots: readonly Slot[]): NamedCopy[] {
  return slots
    .filter((slot) => slot.kind === 'copy')
    .sort((a, b) => (a.copy.note.time < b.copy.note.time ? -1 : 1));
}
