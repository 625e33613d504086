import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { bundle, root } from './bundle.ts';
import { chartFile, packageChart, type ChartFile, type Signer } from './chart.ts';
import { digestOf } from './image/layer.ts';
import { writeHookImage } from './image/image.ts';
import { copyRepositoryFile, writeIndex } from './repository.ts';
import { sbomOf } from './sbom.ts';

/** What the hook image is made for. */
export const platforms: readonly string[] = ['linux/amd64', 'linux/arm64'];

/** The file that a release has last. */
const digests = 'SHA256SUMS';

/** What to make besides the chart's archive and the SBOM; see the usage of `npm run package`. */
export interface Options {
  readonly out?: string | undefined;
  readonly url?: string | undefined;
  readonly merge?: string | undefined;
  readonly base?: string | undefined;
  readonly platform?: readonly string[] | undefined;
  readonly sign?: string | undefined;
  readonly keyring?: string | undefined;
  readonly 'passphrase-file'?: string | undefined;
}

/** Makes the files of a release and answers their paths. */
export async function packageRelease(options: Options): Promise<string[]> {
  const out = await folderOf(options);
  const chart = await chartFile();
  const date = await releaseDate();
  await packageChart(out, date, signerOf(options));
  if (options.url !== undefined) {
    const { url, merge } = options;
    await writeIndex(out, chart, date, merge === undefined ? { url } : { url, merge });
    await copyRepositoryFile(out);
  }
  await writeProgram(out, chart, date, options);
  await writeDigests(out);
  return (await readdir(out)).sort().map((file) => join(out, file));
}

/** The folder for the release, made anew. A folder of the user's that holds anything but a release is left alone. */
async function folderOf({ out }: Options): Promise<string> {
  if (out !== undefined) {
    const there = await readdir(out).catch((): string[] => []);
    if (there.length > 0 && !there.includes(digests))
      throw new Error(`${out} holds something else than a release`);
  }
  const folder = out ?? join(root, 'dist', 'release');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

async function writeProgram(out: string, chart: ChartFile, date: Date, options: Options): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'marblerun-program-'));
  try {
    const program = await bundle(folder);
    const name = join(out, `marblerun-hooks-${chart.version}`);
    await writeFile(`${name}.cdx.json`, await sbomOf(program.sources, chart.version, date));
    if (options.base === undefined) return;
    await writeHookImage(`${name}.tar`, {
      program,
      base: options.base,
      platforms: options.platform ?? platforms,
      version: chart.version,
      annotations: wordsOf(chart),
      created: date,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function wordsOf({ version, sources: [source = ''] }: ChartFile): Record<string, string> {
  const words = {
    title: 'marblerun-hooks',
    description: 'Hooks of the Helm chart for the MarbleRun Coordinator',
    version,
    licenses: 'Apache-2.0',
    source,
  };
  return Object.fromEntries(
    Object.entries(words).map(([key, value]) => [`org.opencontainers.image.${key}`, value]),
  );
}

/** The date that all of a release carries. */
async function releaseDate(): Promise<Date> {
  const given = process.env.SOURCE_DATE_EPOCH;
  const seconds = given ?? (await execa('git', ['log', '-1', '--format=%ct'], { cwd: root })).stdout;
  return new Date(Number(seconds) * 1000);
}

function signerOf({ sign, keyring, 'passphrase-file': passphraseFile }: Options): Signer | undefined {
  if (sign === undefined || keyring === undefined) return undefined;
  return passphraseFile === undefined ? { key: sign, keyring } : { key: sign, keyring, passphraseFile };
}

/** Lists the digests of all files, as `sha256sum --check` reads them. */
async function writeDigests(out: string): Promise<void> {
  const lines: string[] = [];
  for (const file of (await readdir(out)).sort()) lines.push(`${await digestOf(join(out, file))}  ${file}\n`);
  await writeFile(join(out, digests), lines.join(''));
}
