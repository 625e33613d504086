import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { after } from 'mocha';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { root } from '../../release/bundle.ts';

/** The date of the releases that tests make. */
export const date = new Date('2026-01-02T03:04:05Z');

const folders: string[] = [];

/** A folder that goes with the suites that use it. */
export async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'publish-'));
  folders.push(folder);
  return folder;
}

after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

/** `npm run package` with these options, in this work tree or a copy of it; answers the folder of the release. */
export async function packaged(options: readonly string[], where = root): Promise<string> {
  const out = join(await temporary(), 'release');
  await execa(process.execPath, ['--run', 'package', '--', '--out', out, ...options], {
    cwd: where,
    env: { SOURCE_DATE_EPOCH: String(date.getTime() / 1000) },
  });
  return out;
}

/** What somebody else has who clones this project: the same files, with other times. */
export async function clone(): Promise<string> {
  const folder = await temporary();
  const files = [
    'charts',
    'hooks',
    'release',
    'schemas',
    'test/support',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
  ];
  for (const file of files) await cp(join(root, file), join(folder, file), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
