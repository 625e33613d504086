import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { root } from '../../release/bundle.ts';

/** What esbuild says of the files that it has written. */
interface Output {
  entryPoint?: string;
  inputs: Record<string, unknown>;
  imports: { path: string; kind: string }[];
}

/** Of the DCAP library and of what it needs. */
const library = /node_modules\/(@phala|@peculiar|elliptic|asn1)/;
const attestation = 'hooks/io/attestation/attest.ts';

describe('the bundle', () => {
  let outputs: Record<string, Output>;

  before(async function () {
    this.timeout('1m');
    const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    const meta = join(folder, 'meta.json');
    const flags = [`--outdir=${folder}/out`, `--metafile=${meta}`];
    await execa(process.execPath, ['--run', 'build', '--', `attest=${attestation}`, ...flags], { cwd: root });
    ({ outputs } = JSON.parse(readFileSync(meta, 'utf8')) as { outputs: Record<string, Output> });
    rmSync(folder, { recursive: true });
  });

  /** The source files that are loaded with an output, before any code of it decides to load more. */
  const loadedWith = (file: string, seen = new Set<string>()): string[] => {
    const output = outputs[file];
    if (output === undefined || seen.has(file)) return [];
    seen.add(file);
    const imported = output.imports.filter(({ kind }) => kind === 'import-statement');
    return [...Object.keys(output.inputs), ...imported.flatMap(({ path }) => loadedWith(path, seen))];
  };

  it('loads the DCAP library when there is a quote to verify, and for nothing else', () => {
    const entries = Object.entries(outputs).flatMap(([file, { entryPoint }]) =>
      entryPoint === undefined ? [] : [{ entryPoint, sources: loadedWith(file) }],
    );
    const loading = entries.filter(({ sources }) => sources.some((source) => library.test(source)));
    expect(entries.map(({ entryPoint }) => entryPoint)).to.include.members(['hooks/main.ts', attestation]);
    expect(loading.map(({ entryPoint }) => entryPoint).sort()).to.deep.equal([
      'hooks/core/attestation/verdict.ts',
      'hooks/core/attestation/verify.ts',
      'hooks/io/attestation/collateral.ts',
    ]);
  });

  it('has no other client for HTTP than its own', () => {
    const sources = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
    expect(sources.filter((source) => source.includes('node-fetch'))).to.deep.equal([]);
  });
});
