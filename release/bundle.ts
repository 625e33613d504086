import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** This project's work tree. */
export const root = join(import.meta.dirname, '..');

/** The hook program as it is shipped, and what it was made of. */
export interface Bundle {
  /** Where its files are. */
  readonly folder: string;
  /** Those files by name. */
  readonly files: Readonly<Record<string, string>>;
  /** The source files that it was bundled from, relative to the work tree. */
  readonly sources: readonly string[];
}

/** Bundles the hook program into a folder that the caller removes: not dist/, which others may be using. */
export async function bundle(folder: string): Promise<Bundle> {
  const out = join(folder, 'out');
  const meta = join(folder, 'meta.json');
  await mkdir(folder, { recursive: true });
  await execa(process.execPath, ['--run', 'build', '--', `--outdir=${out}`, `--metafile=${meta}`], {
    cwd: root,
  });
  const { inputs } = JSON.parse(await readFile(meta, 'utf8')) as { inputs: Record<string, unknown> };
  const files: Record<string, string> = {};
  for (const file of (await readdir(out)).sort()) files[file] = await readFile(join(out, file), 'utf8');
  return { folder: out, files, sources: Object.keys(inputs) };
}
