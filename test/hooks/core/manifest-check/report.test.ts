import { Ajv } from 'ajv';
import { expect } from 'chai';
import { checkManifest } from '../../../../hooks/core/manifest-check/check.ts';
import { manifestCodes } from '../../../../hooks/core/manifest-check/findings.ts';
import { manifestReport, renderManifestReport } from '../../../../hooks/core/manifest-check/report.ts';
import schema from '../../../../schemas/manifest-report.schema.json' with { type: 'json' };

const about = { programVersion: '0.1.0', coordinatorVersion: 'v1.9.1', file: 'manifest.yaml' };
const reportOf = (text: string) => manifestReport(checkManifest(text, 'v1.9.1'), about);

describe('The report of check-manifest', () => {
  it('begins each finding with its place, as compilers do, and ends with the verdict', () => {
    const text = renderManifestReport(reportOf('Packages: {}\nMarble: {}\n'));
    expect(text.split('\n')).to.include.members([
      'manifest.yaml: a first Manifest, for Coordinator v1.9.1',
      'manifest.yaml:1:1: BLOCK section-empty (Packages)',
      '  The Manifest has no Packages.',
      'manifest.yaml:2:1: WARN unknown-key (Marble)',
      '  Did you mean Marbles?',
    ]);
    expect(text).to.match(/\n\nThe Coordinator refuses this Manifest: 2 mistakes, 2 warnings\.$/);
  });

  it('names no section where the whole file is meant', () => {
    const text = renderManifestReport(reportOf('a: [1'));
    expect(text).to.match(
      /^manifest\.yaml: a Manifest, for Coordinator v1\.9\.1\n\nmanifest\.yaml:1:\d: BLOCK not-readable\n/,
    );
  });

  it('fits its schema, whatever it says', () => {
    const fits = new Ajv({ allErrors: true }).compile(schema);
    for (const text of ['', '{}', '[]', 'a: [1', 'Marbles: {a: {Package: b}}', 'a: 1\na: 2']) {
      expect(fits(JSON.parse(JSON.stringify(reportOf(text)))), JSON.stringify(fits.errors)).to.equal(true);
    }
    expect(fits({ ...reportOf('{}'), outcome: 'unknown' })).to.equal(false);
  });

  it('has the same codes in its schema as in the program', () => {
    expect(schema.properties.findings.items.properties.code.enum).to.deep.equal([...manifestCodes]);
  });
});
