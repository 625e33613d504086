import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { builtProgram } from './built-program.ts';
import { chart, upstreamShaped } from './charts.ts';
import { dockerFunction } from './docker.ts';
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
      .replaceAll(/-n marblerun(?=\s)/g, `-n ${namespace}`)
      .replaceAll('manifest marblerun-coordinator ', `manifest ${name} `)
      .replaceAll(/(marblerun-hooks \w+) marblerun-coordinator /g, `$1 ${name} `),
  );
}

/** Such commands as a user of this work tree would type them: with its charts, and with the Helm of the release. */
export function typed(commands: readonly string[], { helmVersion }: Release): string {
  return commands
    .join('\n')
    .replaceAll('edgeless/marblerun-coordinator', resolve(chart))
    .replaceAll('edgeless/marblerun ', `${resolve(upstreamShaped)} `)
    .replace(/^(helm .*?)( --server-side=false)?$/gm, helmVersion === 3 ? '$1' : '$&')
    .replace(/^helm /gm, helmVersion === 3 ? 'helm3 ' : 'helm ');
}

/**
 * Runs such commands in a shell, with the built program as `marblerun-hooks` and the lab's containers behind `docker`; answers what
 * they said, and throws when one fails.
 */
export async function runDocumented({ lab }: Release, commands: string, folder = lab.dir): Promise<string> {
  const program = `marblerun-hooks() { ${process.execPath} ${await builtProgram(lab)} "$@"; }`;
  const script = ['set -e -o pipefail', program, dockerFunction, commands].join('\n');
  return (await lab.exec('bash', ['-c', script], { cwd: folder, timeout: 150_000 })).all;
}
