import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import { parseSettings, type Settings } from '../../hooks/core/settings.ts';
import { valueProblems } from '../../hooks/core/values/problems.ts';
import { chartSchema, chartValues } from '../../schemas/generate.ts';
import {
  at,
  bothClients,
  find,
  refusal,
  render,
  setting,
  together,
  type Manifest,
  type Tree,
} from './render.ts';

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
}

interface Key {
  path: string;
  /** Whether it holds a map or a list, also if it may hold something else. */
  isCollection: boolean;
  isNullable: boolean;
}

/** Every key that the schema knows by name; what is in lists, labels and Kubernetes' own types is not the chart's. */
function keysOf({ properties = {} }: Schema, path: readonly string[] = []): Key[] {
  return Object.entries(properties).flatMap(([name, schema]): Key[] => {
    const here = [...path, name];
    const types = [schema.type ?? []].flat();
    const isAny = schema.type === undefined && schema.enum === undefined;
    const key = {
      path: here.join('.'),
      isCollection: types.includes('object') || types.includes('array'),
      isNullable: isAny || types.includes('null') || schema.enum?.includes(null) === true,
    };
    return [key, ...keysOf(schema, here)];
  });
}

const keys = keysOf(JSON.parse(await readFile(chartSchema, 'utf8')) as Schema);
const defaults = parse(await readFile(chartValues, 'utf8')) as Tree;

/** Maps that hold a key that must be something. */
const sections = ['global', 'coordinator', 'hooks.image'];

/** Single values that must be something: parts of selectors, addresses, and names that cannot be empty. */
const needed = [
  'enabled',
  'global.coordinatorComponentLabel',
  'global.coordinatorNamespaceLabel',
  'coordinator.clientServerHost',
  'coordinator.clientServerPort',
  'coordinator.meshServerHost',
  'coordinator.meshServerPort',
  'coordinator.sealDir',
  'hooks.image.repository',
  'hooks.image.image',
];

/**
 * What the schema lets be null, since it gets null in place of it from `helm upgrade --reuse-values` of an older chart. The
 * templates, which know of that, refuse it with the way out.
 */
const refusedByTemplates = [
  ...['repository', 'image', 'version', 'pullPolicy', 'replicas', 'storageSize', 'probes'].map(
    (key) => `coordinator.${key}`,
  ),
  ...['placement', 'anchor', 'hooks', 'backup', 'recovery', 'rollout'],
];

const nullable = keys.filter(({ path, isNullable }) => isNullable && !refusedByTemplates.includes(path));

describe('null', () => {
  it('is for every key but a few, none of which is a list', () => {
    const others = keys.filter(({ isNullable }) => !isNullable);
    const named = (isCollection: boolean) =>
      others.filter((key) => key.isCollection === isCollection).map(({ path }) => path);
    expect(named(true)).to.have.members(sections);
    expect(named(false)).to.have.members(needed);
  });

  for (const client of bothClients) {
    for (const depth of [1, 2, 3, 4]) {
      it(`is fine for all the others of depth ${depth} at once, with ${client}`, async () => {
        const level = nullable.filter(({ path }) => depthOf(path) === depth);
        expect(level).not.to.be.empty;
        const values = together(level.map(({ path }) => [path, null]));
        expect(settingsIn(await render(values, client)).hooks.deadlineSeconds).to.equal(200);
      });
    }
  }

  it('is fine for each map and list while an injector runs, which keeps a selector', async () => {
    const kept = ['marbleInjector', 'marbleInjector.objectSelector'];
    const collections = nullable.filter(({ path, isCollection }) => isCollection && !kept.includes(path));
    for (const depth of [1, 2, 3, 4]) {
      const level = collections.filter(({ path }) => depthOf(path) === depth);
      const nulls = level.map(({ path }): [string, null] => [path, null]);
      const injector: [string, unknown] = ['marbleInjector', { start: true, useCertManager: true }];
      find(await render(together([injector, ...nulls])), 'Deployment', 'marble-injector');
    }
  });

  it('is no mistake for the hooks either, which get what Helm leaves of it', () => {
    for (const { path } of nullable) {
      expect(valueProblems(withNull(path)), path).to.deep.equal([]);
    }
  });

  for (const path of [...sections, ...needed.filter((key) => key !== 'enabled')]) {
    it(`is refused for ${path}, by its name`, async () => {
      const name = path.split('.').at(-1) ?? '';
      for (const client of bothClients) expect(await refusal(setting(path, null), client)).to.contain(name);
      expect(valueProblems(withNull(path)).map(({ key }) => key)).to.include(path);
    });
  }

  for (const path of refusedByTemplates) {
    it(`is refused for ${path}, by its name and with the way out`, async () => {
      for (const client of bothClients) {
        const message = await refusal(setting(path, null), client);
        expect(message).to.contain(`${path} has no value`).and.to.contain('--reset-then-reuse-values');
      }
    });
  }

  it('takes the defaults away that the docs of MarbleRun null', async () => {
    const values = { coordinator: { resources: null }, tolerations: null, dcap: null };
    const manifests = await render(values);
    const spec = at(find(manifests, 'Deployment', 'marblerun-coordinator'), 'spec.template.spec');
    expect(spec).not.to.have.property('tolerations');
    expect(at(spec, 'containers.0')).not.to.have.property('resources');
    expect(manifests.filter(({ metadata }) => metadata.name === 'coordinator-dcap-config')).to.be.empty;
  });
});

const depthOf = (path: string): number => path.split('.').length;

/** What the hooks are told, checked as they check it: so both hooks are there, and the seconds are the defaults. */
function settingsIn(manifests: readonly Manifest[]): Settings {
  find(manifests, 'Job', 'marblerun-coordinator-rollout');
  const { data } = find(manifests, 'ConfigMap', 'marblerun-coordinator-preflight');
  return parseSettings(JSON.parse((data as Record<string, string>)['settings.json'] ?? ''));
}

/** The defaults with one of them null, as they stand in the copy of the values that hooks get. */
function withNull(path: string): Tree {
  const values = structuredClone(defaults);
  const names = path.split('.');
  const last = names.pop() ?? '';
  const section = names.reduce<Tree>((tree, name) => (tree[name] ??= {}) as Tree, values);
  section[last] = null;
  return values;
}
