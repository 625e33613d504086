import { cp, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { clients } from '../test/support/helm.ts';
import { root } from './bundle.ts';

/** This project's chart. */
export const chartFolder = join(root, 'charts', 'marblerun-coordinator');

/** What Chart.yaml says of the chart, as far as others need it. */
export interface ChartFile {
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
  readonly kubeVersion: string;
  readonly description: string;
  readonly icon: string;
  readonly home: string;
  readonly sources: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** The chart's Chart.yaml. */
export async function chartFile(): Promise<ChartFile> {
  return parse(await readFile(join(chartFolder, 'Chart.yaml'), 'utf8')) as ChartFile;
}

/** Whose key signs the chart: `helm package` wants the old format of a keyring. */
export interface Signer {
  readonly key: string;
  readonly keyring: string;
  readonly passphraseFile?: string;
}

/**
 * Packs the chart into a folder, with a provenance file beside it where somebody signs. Helm keeps the times of the files, which
 * differ from clone to clone; so a copy with one time for all is packed, and the same files and date give the same bytes.
 */
export async function packageChart(out: string, date: Date, signer?: Signer): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'marblerun-chart-'));
  try {
    const copy = join(folder, 'chart');
    await cp(chartFolder, copy, { recursive: true });
    for (const file of await readdir(copy, { recursive: true })) await utimes(join(copy, file), date, date);
    const { helm4 } = await clients();
    await execa(helm4, ['package', copy, '--destination', out, ...signing(signer)]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function signing(signer: Signer | undefined): string[] {
  if (signer === undefined) return [];
  const passphrase = signer.passphraseFile === undefined ? [] : ['--passphrase-file', signer.passphraseFile];
  return ['--sign', '--key', signer.key, '--keyring', signer.keyring, ...passphrase];
}
