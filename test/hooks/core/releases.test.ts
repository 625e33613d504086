import { Ajv } from 'ajv';
import compare from 'semver/functions/compare.js';
import { expect } from 'chai';
import { releaseOf, type Release } from '../../../hooks/core/releases.ts';
import schema from '../../../schemas/releases.schema.json' with { type: 'json' };
import table from '../../../schemas/releases.json' with { type: 'json' };

const versions: [string, Release['recoveryApi'], number][] = [
  ['v0.1.0', 'raw', 1],
  ['v0.3.2', 'raw', 3],
  ['v0.4.1', 'raw', 4],
  ['1.4.1', 'raw', 5],
  ['v1.4', 'raw', 5],
  ['v1.5.2', 'v2', 5],
  ['v1.6.0', 'v2', 6],
  ['v1.7.0', 'v2-signed', 6],
  ['v1.7.0-rc.1', 'v2-signed', 6],
  ['v1.9.1', 'v2-signed', 6],
  ['v9.0.0', 'v2-signed', 6],
  ['latest', 'v2-signed', 6],
  ['', 'v2-signed', 6],
  ['v0.0.1', 'raw', 1],
];

describe('releaseOf', () => {
  for (const [version, recoveryApi, bootstrapping] of versions) {
    it(`knows "${version}"`, () => {
      expect(releaseOf(version)).to.deep.equal({ recoveryApi, bootstrapping });
    });
  }
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

  it('never goes back in the bootstrapping epoch', () => {
    const epochs = table.releases.map(({ bootstrapping }) => bootstrapping);
    expect(epochs).to.deep.equal([...epochs].sort((a, b) => a - b));
  });

  it('has no row that changes nothing', () => {
    const facts = table.releases.map(({ recoveryApi, bootstrapping }) => `${recoveryApi} ${bootstrapping}`);
    facts.slice(1).forEach((fact, index) => {
      expect(fact).to.not.equal(facts[index]);
    });
  });
});
