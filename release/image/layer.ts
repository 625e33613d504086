import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { packTar } from './tar.ts';

/** A layer of an image: a tar file, and its digest. */
export interface Layer {
  readonly path: string;
  readonly digest: string;
  readonly size: number;
}

/** What a file of a layer is copied from, or its text. */
export type Source = { copy: string } | { text: string; mode?: number };

/**
 * Packs files, by their path in the image, into a layer under `folder`, by way of the empty folder `tree`. The same files
 * give the same digest.
 */
export async function packLayer(
  folder: string,
  tree: string,
  files: Readonly<Record<string, Source>>,
): Promise<Layer> {
  for (const [path, source] of Object.entries(files)) await place(join(tree, 'root', path), source);
  const tar = join(tree, 'layer.tar');
  await packTar(join(tree, 'root'), tar);
  const digest = await digestOf(tar);
  const path = join(folder, `${digest}.tar`);
  await rename(tar, path);
  return { path, digest, size: (await stat(path)).size };
}

/** The SHA-256 of a file, in hexadecimal digits. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function place(path: string, source: Source): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if ('text' in source) await writeFile(path, source.text);
  else await copyFile(source.copy, path);
  await chmod(path, 'text' in source ? (source.mode ?? 0o644) : 0o755);
}
