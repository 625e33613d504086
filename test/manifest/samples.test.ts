import { glob, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import { execa } from 'execa';
import { parse } from 'yaml';
import { checkManifest } from '../../hooks/core/manifest-check/check.ts';
import manifestSchema from '../../schemas/manifest.schema.json' with { type: 'json' };
import { coordinatorProgram, moduleDir } from '../lab/programs.ts';
import { judgeAll, needCoordinators } from './court.ts';
import { codesOf, firstManifest } from './verdict.ts';

const version = 'v1.9.1';

interface Sample {
  file: string;
  /** As it is sent: MarbleRun's CLI makes JSON of YAML. */
  text: string;
  source: string;
}

describe("MarbleRun's own samples", function () {
  let samples: Sample[];

  before(async function () {
    await needCoordinators(this, version);
    samples = await samplesOf();
  });

  it('are judged as the Coordinator judges them', async () => {
    const judgements = await judgeAll(samples, firstManifest, version);
    expect(samples).to.have.lengthOf.at.least(6);
    for (const sample of samples) {
      const judgement = judgements.get(sample);
      const { block } = codesOf(checkManifest(sample.source, version));
      const about = `${sample.file}: ${block.join()} ${judgement?.message ?? ''}`;
      expect(block.length === 0, about).to.equal(judgement?.takes);
    }
  });

  it('have one key that is ignored without a word, which the check and the schema for editors both find', () => {
    const fits = new Ajv({ allErrors: true }).compile(manifestSchema);
    const ignored = samples.flatMap(({ source }) =>
      checkManifest(source, version).findings.filter(({ code }) => code === 'unknown-key'),
    );
    expect(ignored.map(({ path, remedy }) => `${path}: ${remedy}`)).to.deep.equal([
      'Secrets.ServerCert.Cert.Subject.DNSNames: Did you mean Secrets.<name>.Cert.DNSNames?',
    ]);
    const unknown = samples.flatMap(({ text }) => {
      fits(JSON.parse(text));
      return (fits.errors ?? []).filter(({ keyword }) => keyword === 'additionalProperties');
    });
    expect(unknown.map(({ instancePath }) => instancePath)).to.deep.equal([
      '/Secrets/ServerCert/Cert/Subject',
    ]);
  });
});

/** They come with the Go module that the Coordinator is built from. */
async function samplesOf(): Promise<Sample[]> {
  const { stdout } = await execa('go', ['mod', 'download', '-json', 'github.com/edgelesssys/marblerun'], {
    cwd: moduleDir(coordinatorProgram(version)),
    env: { GOWORK: 'off' },
  });
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  const samples: Sample[] = [];
  for await (const path of glob(join(Dir, 'samples', '**', '*manifest*.{json,yaml}'))) {
    const source = await readFile(path, 'utf8');
    samples.push({ file: basename(path), source, text: JSON.stringify(parse(source)) });
  }
  return samples;
}
