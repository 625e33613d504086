import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { checkManifest } from '../../hooks/core/manifest-check/check.ts';
import { manifestCodes, type ManifestFinding } from '../../hooks/core/manifest-check/findings.ts';
import { inForceOf } from '../../hooks/core/manifest-check/in-force.ts';
import { cases, templateCases, updateCases } from '../manifest/corpus.ts';

const page = readFileSync(new URL('../../docs/manifests.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| ([a-z, ]+?) +\| (\S.*\S) +\| (\S.*\S) +\|$/gm)];

/** Everything that is found in the corpus, and by an older Coordinator. */
function foundInCorpus(): ManifestFinding[] {
  const manifests = [...['shape.yaml', 'sections.yaml', 'secrets.yaml'].flatMap(cases), ...templateCases()];
  return [
    ...manifests.flatMap(({ text }) =>
      ['v1.9.1', 'v1.5.0'].flatMap((version) => checkManifest(text, version).findings),
    ),
    ...updateCases().flatMap(({ inForce, text, pending }) => {
      const waiting = pending === undefined ? {} : { pending: ['bob'] };
      const before = inForceOf({ manifest: inForce, updateLog: [], ...waiting });
      return checkManifest(text, 'v1.9.1', before).findings;
    }),
    ...['a: [', 'a: 1\na: 2'].flatMap((text) => checkManifest(text, 'v1.9.1').findings),
  ];
}

describe('docs/manifests.md', () => {
  it('has one row for each code of check-manifest, and none for another', () => {
    expect(rows.map(([, code]) => code).toSorted()).to.deep.equal([...manifestCodes].toSorted());
  });

  it('tells the severities of each, and what to do', () => {
    for (const [, code, severities = '', , remedy = ''] of rows) {
      expect(severities, code).to.match(/^(block|warn|info)(, (block|warn|info))*$/);
      expect(remedy, code).to.match(/[.`]$/);
    }
  });

  it('tells the severity of everything that is found in the corpus, which has every code', () => {
    const told = new Map(rows.map(([, code = '', severities = '']) => [code, severities.split(', ')]));
    const found = foundInCorpus();
    for (const { code, severity } of found) expect(told.get(code), code).to.include(severity);
    expect(manifestCodes.filter((code) => !found.some((finding) => finding.code === code))).to.deep.equal([]);
    for (const [code, severities] of told) {
      const seen = found.filter((finding) => finding.code === code).map(({ severity }) => severity);
      expect(seen, code).to.include.members(severities);
    }
    // Keys and certificates are made for it.
  }).timeout(60_000);
});
