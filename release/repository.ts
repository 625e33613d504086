import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { parseDocument } from 'yaml';
import { clients } from '../test/support/helm.ts';
import type { ChartFile } from './chart.ts';

interface Index {
  readonly entries: Readonly<Record<string, readonly { readonly version: string }[]>>;
}

/**
 * Writes the `index.yaml` of a chart repository at `url` into the folder of the chart's archive. The entries of an older
 * index are kept. Helm writes the time of the call; the date of the release takes its place.
 */
export async function writeIndex(
  out: string,
  chart: ChartFile,
  date: Date,
  { url, merge }: { url: string; merge?: string },
): Promise<void> {
  const { helm4 } = await clients();
  const older = merge === undefined ? [] : ['--merge', merge];
  await execa(helm4, ['repo', 'index', out, '--url', url, ...older]);
  const path = join(out, 'index.yaml');
  const index = parseDocument(await readFile(path, 'utf8'));
  const versions = (index.toJS() as Index).entries[chart.name] ?? [];
  const own = versions.findIndex(({ version }) => version === chart.version);
  index.setIn(['entries', chart.name, own, 'created'], date.toISOString());
  index.set('generated', date.toISOString());
  await writeFile(path, index.toString());
}

/** Puts what Artifact Hub reads about a repository beside its index. */
export async function copyRepositoryFile(out: string): Promise<void> {
  await copyFile(join(import.meta.dirname, 'artifacthub-repo.yml'), join(out, 'artifacthub-repo.yml'));
}
