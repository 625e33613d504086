import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheDir } from '../support/cache.ts';
import { cgroupOf } from './holder.ts';
import { alive, type ProcessId } from './processes.ts';

/** What is kept about a lab in its folder. */
export interface LabState {
  readonly name: string;
  readonly outer: ProcessId;
  readonly first: ProcessId;
  /** False until both nodes are Ready for the first time. */
  readonly ready: boolean;
}

const labs = join(cacheDir, 'labs');

/** The folder of a lab. */
export function dirOf(name: string): string {
  return join(labs, name);
}

/** Takes a name for a new lab and makes its folder; throws if a lab of that name runs. */
export async function claim(name: string): Promise<string> {
  if (!/^[a-z0-9][a-z0-9-]{0,29}$/.test(name)) {
    throw new Error(`"${name}" is no name for a lab: use up to 30 lower-case letters, digits and dashes`);
  }
  await prune();
  await mkdir(labs, { recursive: true });
  // Not recursive, so that of two labs with one name the second one fails here.
  await mkdir(dirOf(name)).catch((error: unknown) => {
    throw new Error(`There is a lab "${name}" already; end it first, with down`, { cause: error });
  });
  return dirOf(name);
}

/** Keeps what is known about a lab. */
export async function writeState(state: LabState): Promise<void> {
  const path = join(dirOf(state.name), 'lab.json');
  await writeFile(`${path}.partial`, JSON.stringify(state));
  await rename(`${path}.partial`, path);
}

/** What is known about a lab that runs now, if it does. */
export async function runningLab(name: string): Promise<LabState | undefined> {
  const text = await readFile(join(dirOf(name), 'lab.json'), 'utf8').catch(() => undefined);
  const state = text === undefined ? undefined : (JSON.parse(text) as LabState);
  return state !== undefined && (await alive(state.outer)) ? state : undefined;
}

/** Every lab that runs now. */
export async function runningLabs(): Promise<LabState[]> {
  const names = await readdir(labs).catch(() => []);
  const states = await Promise.all(names.map(runningLab));
  return states.filter((state) => state !== undefined);
}

/** Removes what labs left whose holder is gone. */
export async function prune(): Promise<void> {
  for (const name of await readdir(labs).catch(() => [])) {
    if ((await runningLab(name)) === undefined && !(await isStarting(name))) await sweep(name);
  }
}

/** Removes the folder and cgroups of a lab that is no longer running. */
export async function sweep(name: string): Promise<void> {
  await execa('sh', [join(import.meta.dirname, 'sweep.sh'), cgroupOf(name), dirOf(name)]);
  await rm(dirOf(name), { recursive: true, force: true });
}

/** Between the folder and its state there is a moment in which a new lab looks dead. */
async function isStarting(name: string): Promise<boolean> {
  const started = await stat(dirOf(name)).catch(() => undefined);
  const hasState = await stat(join(dirOf(name), 'lab.json')).catch(() => undefined);
  return started !== undefined && hasState === undefined && Date.now() - started.mtimeMs < 60_000;
}
