import { join } from 'node:path';
import { dataFile, keyFile, sha256, type BackupNote } from '../core/backup/copy.ts';
import { chooseCopy, type NamedCopy, type Slot } from '../core/backup/ring.ts';
import { ExitCode } from '../core/exit-code.ts';
import { contentOf, mountedSlots, putSealedState } from '../io/backup/restore.ts';
import type { Clock } from '../io/clock.ts';
import type { Output } from '../io/output.ts';

export interface PutOptions {
  clock: Clock;
  output: Output;
  /** Where the ring's Secrets are mounted, each in a folder of its name. */
  from: string;
  sealDir: string;
  /** The Secret to restore from; empty for the newest copy. */
  copy: string;
  /** Put the copy in the place of another sealed state; that is kept under another name. */
  replace: boolean;
}

/** Puts a copy of the sealed state back onto the volume of a Coordinator that does not run. Destroys nothing there. */
export async function putBack(options: PutOptions): Promise<ExitCode> {
  const { code, lines } = await restored(options).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { code: ExitCode.Unknown, lines: [`The sealed state was not restored: ${message}.`] };
  });
  options.output.terminationMessage(lines.join('\n'));
  options.output.result(lines.join('\n'));
  return code;
}

interface Said {
  code: ExitCode;
  lines: string[];
}

async function restored(options: PutOptions): Promise<Said> {
  const { clock, from, sealDir, copy, replace } = options;
  const slots = await mountedSlots(from);
  const chosen = chooseCopy(slots, copy);
  if (chosen === undefined) return refused(noCopy(slots, copy));
  const [data, key] = await Promise.all([dataFile, keyFile].map((name) => contentOf(join(sealDir, name))));
  const { note } = chosen.copy;
  const same = data !== undefined && sha256(data) === note.dataSha256;
  if (same && (key === undefined ? undefined : sha256(key)) === note.keySha256) {
    return { code: ExitCode.Fine, lines: [`The volume holds the copy in ${titleOf(chosen)} already.`] };
  }
  if (data !== undefined && !replace) {
    return refused([
      `The volume holds another sealed state (SHA-256 ${sha256(data).slice(0, 12)}) than the copy in ${titleOf(chosen)}.`,
      'To put the copy in its place, run the Job with REPLACE=yes; the other state is kept beside it.',
    ]);
  }
  const stamp = new Date(clock.now()).toISOString().replace(/\.\d+|[-:]/g, '');
  const aside = await putSealedState(sealDir, chosen.copy, stamp);
  return {
    code: ExitCode.Fine,
    lines: [
      `Restored the sealed state from ${titleOf(chosen)}.`,
      ...(aside.length === 0 ? [] : [`What was there is kept as ${aside.join(' and ')}.`]),
      nextStep(note),
    ],
  };
}

function refused(lines: string[]): Said {
  return { code: ExitCode.Blocked, lines: [...lines, 'Nothing was changed.'] };
}

function noCopy(slots: readonly Slot[], wanted: string): string[] {
  const copies = slots.filter(({ kind }) => kind === 'copy').map(({ name }) => name);
  const others = slots.filter(({ kind }) => kind !== 'copy').map(({ name }) => name);
  return [
    wanted === '' ? 'There is no copy of a sealed state.' : `There is no copy in secret/${wanted}.`,
    ...(copies.length === 0 ? [] : [`Copies are in ${copies.join(', ')}.`]),
    ...(others.length === 0 ? [] : [`No whole copies are in ${others.join(', ')}.`]),
  ];
}

function titleOf({ name, copy: { note } }: NamedCopy): string {
  const { time, coordinatorVersion, dataSha256 } = note;
  return `secret/${name} (${time}, Coordinator ${coordinatorVersion}, SHA-256 ${dataSha256.slice(0, 12)})`;
}

function nextStep({ keySha256, node }: BackupNote): string {
  const recovery = 'it comes up in state 1 (Recovery) and needs the recovery secrets';
  return keySha256 === undefined
    ? `The copy has no key. Start the Coordinator: ${recovery}.`
    : `Start the Coordinator: on the CPU of ${node === '' ? 'the node' : node} that sealed the state it may open it, elsewhere ${recovery}.`;
}
