import { expect } from 'chai';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { lostSinceRecord, recordedValues } from '../../../../hooks/core/lost/recorded.ts';
import type { Tree } from '../../../../hooks/core/lost/tree.ts';
import defaults from '../../../../charts/marblerun-coordinator/defaults.json' with { type: 'json' };
import { record, settings } from '../../builders.ts';

type Values = Record<string, unknown>;

function merged(base: Tree, more: Tree): Values {
  const result: Values = { ...base };
  for (const [key, value] of Object.entries(more)) {
    const below = base[key];
    const maps = [below, value].every((v) => typeof v === 'object' && v !== null && !Array.isArray(v));
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = maps ? merged(below as Tree, value as Tree) : value;
  }
  return result;
}

/** What is lost between two releases, each told by what its user gives to Helm. */
function lost(before: Tree, after: Tree, more: { simulation?: boolean; version?: string } = {}): string[] {
  const target = settings((s) => {
    s.defaults = defaults;
    s.values = merged(defaults, after);
    s.coordinator.simulation = more.simulation ?? false;
  });
  return lostSinceRecord(before, more.version ?? 'v1.9.1', target).map(
    ({ name, before: was, after: is }) => `${name}: ${JSON.stringify(was)} -> ${JSON.stringify(is ?? null)}`,
  );
}

const hostname = { coordinator: { hostname: 'mesh.example.com' } };

describe('lostSinceRecord', () => {
  const cases: [string, Tree, Tree, string[]][] = [
    ['finds a setting that falls back', hostname, {}, ['coordinator.hostname: "mesh.example.com" -> ""']],
    ['finds nothing when it is given again', hostname, hostname, []],
    ['finds nothing when it is changed', hostname, { coordinator: { hostname: 'other' } }, []],
    [
      'finds one key of a map that others stay in',
      { coordinator: { resources: { limits: { memory: '1Gi', cpu: 1 } } } },
      { coordinator: { resources: { limits: { cpu: '1' } } } },
      ['coordinator.resources.limits.memory: "1Gi" -> null'],
    ],
    [
      'finds a default that was nulled and comes back',
      { tolerations: null },
      {},
      [`tolerations: null -> ${JSON.stringify(defaults.tolerations)}`],
    ],
    [
      'finds nothing when it is nulled again',
      { tolerations: null, dcap: null },
      { tolerations: null, dcap: null },
      [],
    ],
    [
      'finds nothing below a map that the user takes away as a whole',
      { coordinator: { resources: { limits: { memory: '1Gi' } } } },
      { coordinator: { resources: null } },
      [],
    ],
    [
      'takes a list as one',
      { nodeSelector: { a: 'b' }, clients: [{ name: 'x' }] },
      {},
      ['nodeSelector.a: "b" -> null', 'clients: [{"name":"x"}] -> []'],
    ],
    [
      'takes old and new keys as the same',
      { coordinator: { coordinatorReplicas: 2 }, global: { image: { repository: 'r.example' } } },
      { coordinator: { replicas: 2, coordinatorImage: 'r.example/coordinator' } },
      [],
    ],
    [
      'takes a switch as text as the switch',
      { coordinator: { debugLogging: 'TRUE' } },
      { coordinator: { debugLogging: true } },
      [],
    ],
    [
      'leaves out what is meant for one run, and versions',
      {
        coordinator: { version: 'v1.8.0' },
        hooks: { acknowledge: ['x:1'], preflight: { mode: 'warn' } },
        placement: { avoidNodes: ['sgx-1'] },
        rollout: { nonce: '1' },
      },
      {},
      [],
    ],
    [
      'finds a hook setting that holds for every run',
      { rollout: { restart: 'never' } },
      {},
      ['rollout.restart: "never" -> "auto"'],
    ],
    [
      'finds a digest that stands for a secret',
      { global: { podAnnotations: { token: 'sha256:0011aabb' } } },
      {},
      ['global.podAnnotations.token: "sha256:0011aabb" -> null'],
    ],
  ];
  for (const [title, before, after, expected] of cases) {
    it(title, () => {
      expect(lost(before, after)).to.deep.equal(expected);
    });
  }

  it('reads a record of old that holds every value, defaults included', () => {
    expect(lost(defaults, {})).to.deep.equal([]);
    expect(lost(merged(defaults, hostname), {})).to.have.length(1);
  });

  it('misses a digest only when the version stays, since it belongs to one', () => {
    const digest = { coordinator: { hash: `sha256:${'ab'.repeat(32)}` } };
    expect(lost(digest, {}, { version: 'v1.9.1' })).to.have.length(1);
    expect(lost(digest, {}, { version: 'v1.8.0' })).to.deep.equal([]);
  });

  it('does not miss a null that simulation mode makes needless', () => {
    const nulls = { coordinator: { resources: null }, tolerations: null, dcap: null };
    expect(lost(nulls, {}, { simulation: true })).to.deep.equal([]);
    expect(lost(nulls, {})).to.have.length(3);
  });
});

describe('recordedValues', () => {
  it('are those of the last rollout, and unknown before the first one or from a broken record', () => {
    const { values } = record();
    expect(recordedValues(known(record()))).to.deep.equal(values);
    expect(recordedValues(known(record((r) => (r.chartVersion = ''))))).to.equal(undefined);
    expect(recordedValues(known(record((r) => Reflect.deleteProperty(r, 'values'))))).to.equal(undefined);
    expect(recordedValues(known(undefined))).to.equal(undefined);
    expect(recordedValues(unknown('it is not JSON'))).to.equal(undefined);
  });
});
