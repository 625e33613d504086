import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from '../../support/cache.ts';
import { exists } from '../files.ts';
import {
  built,
  coordinatorProgram,
  coordinatorVersions,
  injectorProgram,
  marbleProgram,
} from '../programs.ts';
import type { Progress } from '../progress.ts';
import { writeArchive, type Image } from './archive.ts';
import { makeLayer, withLibraries, type Layer } from './layer.ts';
import { coordinatorImage, injectorImage, marbleImage, pauseImage } from './names.ts';

const busybox = '/bin/busybox';
const entryScript = join(import.meta.dirname, 'coordinator.sh');

/**
 * Answers the archive with the images of one node, except the hooks': pause, the Coordinators, the Marble, the injector. The node's
 * name is baked into the Coordinators' images as their CPU. Made once for the same programs.
 */
export async function nodeImages(node: string, progress: Progress): Promise<string> {
  const binaries: string[] = [];
  for (const version of coordinatorVersions)
    binaries.push(await built(coordinatorProgram(version), progress));
  binaries.push(await built(marbleProgram, progress), await built(injectorProgram, progress));
  const hash = createHash('sha256')
    .update(binaries.join('\n'))
    .update(await readFile(entryScript));
  const path = join(cacheDir, 'images', `${node}-${hash.digest('hex').slice(0, 12)}.tar`);
  if (await exists(path)) return path;
  progress(`Making the images of ${node}`);
  await writeArchive(path, await images(node, binaries));
  return path;
}

async function images(node: string, binaries: readonly string[]): Promise<Image[]> {
  const shell = await makeLayer(await withLibraries(busybox, busybox));
  const cpu = await makeLayer({ '/cpu': { text: `${node}\n` } });
  const entry = await makeLayer({ '/entry': { text: await readFile(entryScript, 'utf8'), mode: 0o755 } });
  const result: Image[] = [{ name: pauseImage, layers: [shell], entrypoint: [busybox, 'sleep', 'infinity'] }];
  for (const [index, version] of coordinatorVersions.entries()) {
    const layers = [shell, await program('/bin/coordinator', binaries[index]), entry, cpu];
    result.push({ name: coordinatorImage(version), layers, entrypoint: ['/entry'] });
  }
  const marble = [shell, await program('/marble', binaries.at(-2))];
  result.push({ name: marbleImage, layers: marble, entrypoint: ['/marble'], command: ['serve'] });
  const injector = [await program('/marble-injector', binaries.at(-1))];
  result.push({ name: injectorImage, layers: injector, entrypoint: ['/marble-injector'] });
  return result;
}

async function program(path: string, binary = ''): Promise<Layer> {
  return makeLayer(await withLibraries(path, binary));
}
