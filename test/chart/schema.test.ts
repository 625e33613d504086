import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import {
  chartDefaults,
  chartSchema,
  chartValues,
  defaultsOf,
  generated,
  valuesSource,
} from '../../schemas/generate.ts';
import { typeCode, typeFile } from '../../schemas/values-type.ts';
import { validatorCode, validatorFile } from '../../schemas/validator.ts';
import { bothClients, refusal, render, together } from './render.ts';

/** A path, and a value that does not fit there. */
const misfits: [string, unknown][] = [
  ['coordinator.replicas', 'one'],
  ['coordinator.clientServerPort', '4433'],
  ['coordinator.meshServerPort', 70000],
  ['coordinator.distributedDeployment', 'false'],
  ['coordinator.simulation', 2],
  ['coordinator.hash', 'latest'],
  ['coordinator.version', 1.9],
  ['coordinator.sealDir', 'data'],
  ['coordinator.resources', []],
  ['coordinator.pullPolicy', 'Sometimes'],
  ['global.podLabels', { answer: 42 }],
  ['tolerations', {}],
  ['nodeSelector', 'linux'],
  ['dcap.pccsUrl', 1],
  ['clients', [{ name: 'alice', UniqueID: 'latest' }]],
  ['placement.stickiness', 'firm'],
  ['placement.avoidNodes', 'node'],
  ['hooks.acknowledge', [1]],
  ['hooks.preflight.mode', 'ignore'],
  ['recovery.mode', 'auto'],
  ['rollout.restart', true],
  ['rollout.maxConcurrent', 0],
  ['rollout.onDelete', true],
  ['rollout.detach', 'yes'],
  ['rollout.detachedDeadlineSeconds', 0],
  ['backup.enabled', 'yes'],
  ['backup.copies', 0],
];

/** Keys that nobody knows, such as upstream's docs once showed. */
const unknown = [
  'coordinater',
  'coordinator.hsm',
  'coordinator.probes.startup.period',
  'marbleInjector.namespace',
  'dcap.pccsURL',
  'placement.nodes',
  'hooks.preflight.strict',
  'rollout.background',
];

for (const client of bothClients) {
  describe(`The schema of the values, with ${client}`, () => {
    for (const [path, value] of misfits) {
      it(`refuses ${path}: ${JSON.stringify(value)}`, async () => {
        const [, message] = (await refusal(together(misfits), client)).split('Error:');
        expect(message).to.match(new RegExp(`\\b${path.replaceAll('.', '[./]')}\\b`));
      });
    }

    for (const path of unknown) {
      it(`does not know ${path}`, async () => {
        const message = await refusal(together(unknown.map((key) => [key, 'x'])), client);
        expect(message).to.match(new RegExp(`\\b${path.split('.').at(-1) ?? path}\\b`));
      });
    }

    it('lets a parent chart have global values and a switch of its own', async () => {
      expect(await render({ global: { other: { chart: 1 } }, enabled: true }, client)).not.to.be.empty;
    });
  });
}

describe('The schema', () => {
  it('takes the policy of a client as the text of its era file, as a map, or key by key', async () => {
    const keys = { UniqueID: '6b'.repeat(32), ProductID: 3, SecurityVersion: 3, SignerID: '' };
    const clients = [
      { name: 'a', era: JSON.stringify(keys) },
      { name: 'b', era: keys },
      { name: 'c', ...keys },
    ];
    for (const client of bothClients) expect(await render({ clients }, client)).not.to.be.empty;
    expect(await refusal({ clients: [{ name: 'd', era: { UniqeID: '' } }] })).to.contain('UniqeID');
    expect(await refusal({ clients: [{ era: keys }] })).to.contain('name');
  });

  it('is accompanied by the defaults, in step with values.yaml', async () => {
    const expected = await defaultsOf(await readFile(chartValues, 'utf8'));
    expect(await readFile(chartDefaults, 'utf8')).to.equal(expected);
  });

  it('is in step with its source and with values.yaml', async () => {
    const expected = await generated(
      await readFile(valuesSource, 'utf8'),
      await readFile(chartValues, 'utf8'),
    );
    expect(await readFile(chartSchema, 'utf8')).to.equal(expected);
  });

  it('is in step with the checker that the hooks carry', async () => {
    expect(await readFile(validatorFile, 'utf8')).to.equal(
      validatorCode(await readFile(valuesSource, 'utf8')),
    );
  });

  it('is in step with the type that the hooks and the tests have of the values', async () => {
    expect(await readFile(typeFile, 'utf8')).to.equal(await typeCode(await readFile(chartSchema, 'utf8')));
  });

  it('needs nothing from elsewhere', async () => {
    expect(await readFile(chartSchema, 'utf8')).not.to.include('$ref');
  });

  it('refuses to be generated from a reference that leads out of it', async () => {
    const source = JSON.stringify({
      properties: { a: { $ref: 'https://example.com/a.json' } },
      definitions: {},
    });
    const failure = await generated(source, 'a: 1\n').catch((error: unknown) => error);
    expect(failure).to.be.an('error').with.property('message').that.includes('https://example.com/a.json');
  });
});
