import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { packLayer, type Layer, type Source } from '../../../release/image/layer.ts';
import { cacheDir } from '../../support/cache.ts';
import { exists } from '../files.ts';

export type { Layer, Source };

const folder = join(cacheDir, 'layers');

/**
 * Makes a layer of the given files, by their path in the image. The same files give the same digest, and files that
 * did not change are not packed again.
 */
export async function makeLayer(files: Readonly<Record<string, Source>>): Promise<Layer> {
  const record = join(folder, `${await keyOf(files)}.json`);
  if (await exists(record)) return JSON.parse(await readFile(record, 'utf8')) as Layer;
  await mkdir(folder, { recursive: true });
  const tree = await mkdtemp(join(folder, 'partial-'));
  try {
    const layer = await packLayer(folder, tree, files);
    await writeFile(join(tree, 'record'), JSON.stringify(layer));
    await rename(join(tree, 'record'), record);
    return layer;
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

/** Tells files apart by their text, or by path, size and time: a binary of 120 MB is not read to learn that it is known. */
async function keyOf(files: Readonly<Record<string, Source>>): Promise<string> {
  const hash = createHash('sha256');
  for (const [path, source] of Object.entries(files)) {
    hash.update(JSON.stringify([path, source]));
    if ('copy' in source) {
      const { size, mtimeMs } = await stat(source.copy);
      hash.update(`${size} ${mtimeMs}`);
    }
  }
  return hash.digest('hex');
}

/** A program and the shared libraries it is linked with, each where the loader looks for it. */
export async function withLibraries(path: string, binary: string): Promise<Record<string, Source>> {
  const files: Record<string, Source> = { [path]: { copy: binary } };
  const { stdout } = await execa('ldd', [binary], { reject: false });
  for (const [, library] of stdout.matchAll(/(\/\S+) \(0x/g)) {
    if (library !== undefined) files[library] = { copy: library };
  }
  return files;
}
