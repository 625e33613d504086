import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFile, keyFile, noteFile, type SealedFiles } from '../../core/backup/copy.ts';
import { slotOf, type Slot } from '../../core/backup/ring.ts';

/** The ring as a pod sees it that mounts its Secrets: a folder for each that is there, by its name. */
export async function mountedSlots(folder: string): Promise<Slot[]> {
  // Kubernetes keeps the files of a volume in folders of its own, which begin with two dots.
  const names = (await readdir(folder)).filter((name) => !name.startsWith('..'));
  return await Promise.all(
    names.toSorted().map(async (name) => {
      const [note, data, key] = await Promise.all(
        [noteFile, dataFile, keyFile].map((file) => contentOf(join(folder, name, file))),
      );
      return slotOf(name, { note: note?.toString('utf8'), data, key });
    }),
  );
}

/** The file's bytes; undefined when there is none. */
export async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Puts a sealed state into a seal directory and answers the names that what was there has now. The new files are whole
 * on the disk before the first old one is moved, so that a restore which is killed loses nothing and can be repeated.
 */
export async function putSealedState(
  folder: string,
  { data, key }: SealedFiles,
  stamp: string,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const wanted: [string, Uint8Array | undefined][] = [
    // The key goes first: data without a key is a Recovery, and a key without data is nothing.
    [keyFile, key],
    [dataFile, data],
  ];
  for (const [name, bytes] of wanted) {
    if (bytes !== undefined) await writeWhole(join(folder, `${name}.restoring`), bytes);
  }
  const aside: string[] = [];
  for (const [name] of wanted) {
    if ((await contentOf(join(folder, name))) === undefined) continue;
    const other = `${name}.before-restore-${stamp}`;
    await rename(join(folder, name), join(folder, other));
    aside.push(other);
  }
  for (const [name, bytes] of wanted) {
    if (bytes !== undefined) await rename(join(folder, `${name}.restoring`), join(folder, name));
  }
  return aside;
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
