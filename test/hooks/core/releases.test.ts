import { Ajv } from 'ajv';
import compare from 'semver/functions/compare.js';
import { expect } from 'chai';
import { isBefore, isKnownRelease, newestRelease, releaseOf } from '../../../hooks/core/releases.ts';
import schema from '../../../schemas/releases.schema.json' with { type: 'json' };
import table from '../../../schemas/releases.json' with { type: 'json' };

const versions: [string, string][] = [
  ['v0.2.0', '0.2.0'],
  ['v0.3.2', '0.3.0'],
  ['v0.4.0', '0.4.0'],
  ['v0.6.1', '0.5.0'],
  ['1.4.1', '1.0.0'],
  ['v1.4', '1.0.0'],
  ['v1.5.2', '1.5.0'],
  ['v1.6.0', '1.6.0'],
  ['v1.7.0', '1.7.0'],
  ['v1.7.0-rc.1', '1.7.0'],
  ['v1.8.0', '1.7.0'],
  ['v1.9.1', '1.9.0'],
  ['v9.0.0', '1.9.0'],
  ['latest', '1.9.0'],
  ['main-0a1b2c3', '1.9.0'],
  ['20240101', '1.9.0'],
  ['', '1.9.0'],
  ['v0.0.1', '0.2.0'],
];

describe('releaseOf', () => {
  for (const [version, from] of versions) {
    it(`knows "${version}" by the row that begins with ${from}`, () => {
      expect(releaseOf(version).from).to.equal(from);
    });
  }

  it('knows what changed with v1.9', () => {
    expect(releaseOf('v1.8.0')).to.include({
      securityVersion: 2,
      recoveryKeys: 'one',
      recoveryApi: 'v2-signed',
    });
    expect(releaseOf('v1.9.0')).to.include({ securityVersion: 3, recoveryKeys: 'several', sealFormat: 2 });
  });
});

describe('isKnownRelease', () => {
  for (const [version, expected] of [
    ['v1.9.1', true],
    ['1.9.1', true],
    ['v1.9.2', true],
    ['v1.9.1-rc.1', false],
    ['v1.9', false],
    ['v2.0.0', false],
    ['latest', false],
  ] as const) {
    it(`${expected ? 'knows' : 'does not know'} ${version}`, () => {
      expect(isKnownRelease(version)).to.equal(expected);
    });
  }
});

describe('isBefore', () => {
  it('compares by numbers, and takes what has none for the newest', () => {
    expect(isBefore('v1.4.0', '1.4.1')).to.equal(true);
    expect(isBefore('v1.10.0', '1.4.1')).to.equal(false);
    expect(isBefore('1.4.1', '1.4.1')).to.equal(false);
    expect(isBefore('latest', '1.4.1')).to.equal(false);
  });
});

describe('the table of Coordinator releases', () => {
  it('follows its schema', () => {
    const ajv = new Ajv({ allErrors: true });
    expect(ajv.validate(schema, table), ajv.errorsText()).to.equal(true);
  });

  it('is in the order of the versions, each once', () => {
    const froms = table.releases.map(({ from }) => from);
    expect(froms).to.deep.equal([...new Set(froms)].sort(compare));
  });

  for (const field of [
    'securityVersion',
    'sealFormat',
    'stateFormat',
    'bootstrapping',
    'dataPlane',
  ] as const) {
    it(`never goes back in ${field}`, () => {
      const epochs = table.releases.map((row) => row[field]);
      expect(epochs).to.deep.equal([...epochs].sort((a, b) => a - b));
    });
  }

  it('has no row that changes nothing', () => {
    const rows = table.releases.map((row) => JSON.stringify({ ...row, from: '', source: '' }));
    rows.slice(1).forEach((row, index) => {
      expect(row).to.not.equal(rows[index]);
    });
  });

  it('begins each row with a release, and names all releases in order', () => {
    expect(table.versions).to.include.members(table.releases.map(({ from }) => from));
    expect(table.versions).to.deep.equal([...table.versions].sort(compare));
    expect(newestRelease()).to.equal(`v${table.versions.at(-1) ?? ''}`);
  });
});
