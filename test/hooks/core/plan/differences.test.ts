import { expect } from 'chai';
import { changedPaths, driftedPaths, removedPaths } from '../../../../hooks/core/plan/differences.ts';

const container = (name: string, image: string) => ({ name, image });

const changes: [string, unknown, unknown, string[]][] = [
  ['nothing', { a: { b: [1, 2] } }, { a: { b: [1, 2] } }, []],
  ['a value', { a: { b: 1 } }, { a: { b: 2 } }, ['a.b']],
  ['what comes and goes', { a: 1 }, { b: 1 }, ['a', 'b']],
  ['a key with dots, in quotes', { labels: { 'a/b': 'x' } }, { labels: { 'a/b': 'y' } }, ['labels."a/b"']],
  ['nothing where both are empty', { a: {}, b: [], c: '', d: null }, {}, []],
  [
    'an item of a list by its name',
    { containers: [container('a', 'x:1'), container('b', 'y:1')] },
    { containers: [container('a', 'x:1'), container('b', 'y:2')] },
    ['containers[b].image'],
  ],
  [
    'a list whose order changes',
    { containers: [container('a', 'x'), container('b', 'y')] },
    { containers: [container('b', 'y'), container('a', 'x')] },
    ['containers'],
  ],
  ['a list without names as a whole', { args: ['a', 'b'] }, { args: ['a'] }, ['args']],
];

/** What is rendered, what is live. */
const drifts: [string, unknown, unknown, string[]][] = [
  ['what the API server adds', { a: 1 }, { a: 1, b: 2 }, []],
  ['an amount in another spelling', { cpu: '1000m', memory: '1Gi' }, { cpu: '1', memory: '1024Mi' }, []],
  ['what is rendered empty', { resources: {}, value: '', list: null }, {}, []],
  ['a value that somebody changed', { image: 'c:v1' }, { image: 'c:v2' }, ['image']],
  ['a value that is gone', { a: { b: 'x' } }, {}, ['a.b']],
  [
    'a field of a named item',
    { containers: [container('a', 'x:1')] },
    { containers: [{ ...container('a', 'x:2'), imagePullPolicy: 'Always' }] },
    ['containers[a].image'],
  ],
  ['an item too many', { args: ['a'] }, { args: ['a', 'b'] }, ['args']],
];

describe('changedPaths', () => {
  for (const [what, before, after, paths] of changes) {
    it(`tells ${what}`, () => {
      expect(changedPaths(before, after)).to.have.members(paths);
    });
  }
});

/** What was rendered, what is rendered, what is live. */
const removals: [string, [unknown, unknown, unknown], string[]][] = [
  [
    'a field that was rendered',
    [
      { a: { b: 1 }, c: 1 },
      { a: {}, c: 1 },
      { a: { b: 1 }, c: 1 },
    ],
    ['a'],
  ],
  ['one field of several', [{ a: { b: 1, c: 1 } }, { a: { c: 1 } }, { a: { b: 1, c: 1 } }], ['a.b']],
  ['a field that is gone already', [{ a: 1 }, {}, {}], []],
  ['a field that was never rendered', [{}, {}, { a: 1 }], []],
  ['a value that only changes', [{ a: 1 }, { a: 2 }, { a: 1 }], []],
  [
    'an item by its name, and a field of one',
    [
      { env: [container('a', 'x'), container('b', 'y')] },
      { env: [{ name: 'a' }] },
      { env: [container('b', 'y'), container('a', 'x')] },
    ],
    ['env[a].image', 'env[b]'],
  ],
  ['what comes, which is no removal', [{}, { args: ['a'] }, {}], []],
];

describe('removedPaths', () => {
  for (const [what, trees, paths] of removals) {
    it(`${paths.length === 0 ? 'passes over' : 'tells'} ${what}`, () => {
      expect(removedPaths(...trees)).to.deep.equal(paths);
    });
  }
});

describe('driftedPaths', () => {
  for (const [what, rendered, live, paths] of drifts) {
    it(`${paths.length === 0 ? 'passes over' : 'tells'} ${what}`, () => {
      expect(driftedPaths(rendered, live)).to.deep.equal(paths);
    });
  }
});
