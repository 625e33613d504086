import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentedCommands, runDocumented, typed } from './documented-commands.ts';
import { upstreamShaped } from './charts.ts';
import { type Release } from './release.ts';

const page = 'docs/moving-from-upstream.md';

/**
 * Runs the commands of one section of docs/moving-from-upstream.md, with the charts of this work tree and the Helm of the
 * release. The folder has the `values.yaml` of the step before.
 */
export async function moveAsDocumented(release: Release, section: string): Promise<string> {
  const commands = await documentedCommands(page, section, release);
  return await runDocumented(release, typed(commands, release), await folderOf(release));
}

/** The folder of the user who moves the release, in which `values.yaml` is kept. */
export async function folderOf({ lab, namespace }: Release): Promise<string> {
  const folder = join(lab.dir, `${namespace}-move`);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Installs the chart in upstream's shape without a Helm: rendered, and handed to kubectl. */
export async function applyUpstreamShaped(
  { lab, namespace, name, values }: Release,
  folder: string,
): Promise<void> {
  const render = ['template', name, upstreamShaped, '-n', namespace, '-f', values];
  const { all: manifests } = await lab.helm(4, render);
  const file = join(folder, 'manifests.yaml');
  await writeFile(file, manifests);
  await lab.kubectl('-n', namespace, 'apply', '-f', file);
  await lab.kubectl(
    '-n',
    namespace,
    'rollout',
    'status',
    'deployment/marblerun-coordinator',
    '--timeout=90s',
  );
}
