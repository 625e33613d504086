import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFile, keyFile, sha256, type SealedFiles } from '../../core/backup/copy.ts';
import type { Clock } from '../clock.ts';

const pauseMilliseconds = 100;
const looks = 20;

/** The seal directory could not be read, or did not come to rest. */
export class SealDirError extends Error {
  override readonly name = 'SealDirError';
}

/**
 * Reads the sealed state of a Coordinator that may be running; undefined when there is none. From MarbleRun v1.7 the
 * key is bound to the data, and the two files are replaced one after the other, each gone for a moment (v1.9.1,
 * coordinator/store/stdstore); before that they were written in place. So only what is the same in two looks counts.
 */
export async function readSealedState(folder: string, clock: Clock): Promise<SealedFiles | undefined> {
  let before = await look(folder);
  for (let tries = looks; tries > 0; tries--) {
    await clock.sleep(pauseMilliseconds);
    const now = await look(folder);
    if (sumOf(before) === sumOf(now)) {
      const { data, key } = now;
      return data === undefined || data.length === 0 ? undefined : { data, key };
    }
    before = now;
  }
  throw new SealDirError(`the files in ${folder} kept changing for ${(looks * pauseMilliseconds) / 1000} s`);
}

interface Look {
  data: Uint8Array | undefined;
  key: Uint8Array | undefined;
}

async function look(folder: string): Promise<Look> {
  const data = await contentOf(join(folder, dataFile));
  return { data, key: await contentOf(join(folder, keyFile)) };
}

function sumOf({ data, key }: Look): string {
  return [data, key].map((bytes) => (bytes === undefined ? 'none' : sha256(bytes))).join();
}

async function contentOf(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new SealDirError(`${path} cannot be read: ${message}`, { cause });
  }
}
