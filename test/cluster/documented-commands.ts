import { readFile } from 'node:fs/promises';
import type { Release } from './release.ts';

/** The shell commands of one section of a page, in order, for the namespace of a release instead of `marblerun`. */
export async function documentedCommands(
  page: string,
  heading: string,
  { namespace, name }: Release,
): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`${page} has no section "${heading}"`);
  const blocks = [...section.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, block = '']) => block);
  return blocks.map((block) =>
    block
      .replaceAll('-n marblerun ', `-n ${namespace} `)
      .replaceAll('manifest marblerun-coordinator ', `manifest ${name} `),
  );
}

/** Runs such commands in a shell; answers what they said, and throws when one fails. */
export async function runDocumented({ lab }: Release, commands: string, folder = lab.dir): Promise<string> {
  const script = `set -e -o pipefail\n${commands}`;
  return (await lab.exec('bash', ['-c', script], { cwd: folder, timeout: 150_000 })).all;
}
