import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { bundle, root } from '../../../release/bundle.ts';
import { programFiles, start } from '../../../release/image/image.ts';
import { cacheDir } from '../../support/cache.ts';
import { exists } from '../files.ts';
import type { Progress } from '../progress.ts';
import { writeArchive } from './archive.ts';
import { makeLayer, withLibraries, type Layer, type Source } from './layer.ts';
import { hookImage } from './names.ts';

const chart = join(root, 'charts', 'marblerun-coordinator', 'Chart.yaml');

/** The name of the hook image that the chart of this work tree asks for. */
export async function hookImageName(): Promise<string> {
  const text = await readFile(chart, 'utf8').catch(() => 'version: 0.1.0');
  return hookImage((parse(text) as { version: string }).version);
}

/** Bundles the hook program and answers the archive of its image: Node below, the bundle on top, no shell. */
export async function hookImages(progress: Progress): Promise<string> {
  progress('Bundling the hook program');
  const name = await hookImageName();
  const runtime = await runtimeLayer();
  const app = await makeLayer(await program());
  const key = createHash('sha256').update([name, runtime.digest, app.digest].join()).digest('hex');
  const path = join(cacheDir, 'images', `hooks-${key.slice(0, 12)}.tar`);
  if (await exists(path)) return path;
  await writeArchive(path, [
    { name, layers: [runtime, app], entrypoint: start.entrypoint, user: start.user },
  ]);
  return path;
}

/** Node.js as the lab's image has it below the program. */
export async function runtimeLayer(): Promise<Layer> {
  return makeLayer(await withLibraries('/nodejs/bin/node', nodeBinary()));
}

/** The files of the program, as the image has them. */
async function program(): Promise<Record<string, Source>> {
  const folder = await mkdtemp(join(tmpdir(), 'marblerun-hooks-'));
  try {
    return programFiles(await bundle(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The Node that npm installed for this project: the one the program is tested with. */
function nodeBinary(): string {
  return join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
}
