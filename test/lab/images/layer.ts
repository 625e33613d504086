import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { cacheDir } from '../../support/cache.ts';
import { exists } from '../files.ts';

/** A layer of an image: a tar file, and its digest. */
export interface Layer {
  readonly path: string;
  readonly digest: string;
  readonly size: number;
}

/** What a file of a layer is copied from, or its text. */
export type Source = { copy: string } | { text: string; mode?: number };

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
    const layer = await pack(tree, files);
    await writeFile(join(tree, 'record'), JSON.stringify(layer));
    await rename(join(tree, 'record'), record);
    return layer;
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function pack(tree: string, files: Readonly<Record<string, Source>>): Promise<Layer> {
  for (const [path, source] of Object.entries(files)) await place(join(tree, 'root', path), source);
  const tar = join(tree, 'layer.tar');
  const sameForAll = [
    '--sort=name',
    '--mtime=@0',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--format=gnu',
  ];
  await execa('tar', [...sameForAll, '-C', join(tree, 'root'), '-cf', tar, '.']);
  const digest = await digestOf(tar);
  const path = join(folder, `${digest}.tar`);
  await rename(tar, path);
  return { path, digest, size: (await stat(path)).size };
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

async function place(path: string, source: Source): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if ('text' in source) await writeFile(path, source.text);
  else await copyFile(source.copy, path);
  await chmod(path, 'text' in source ? (source.mode ?? 0o644) : 0o755);
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
