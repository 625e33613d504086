import { expect } from 'chai';
import {
  isNothing,
  leavesOf,
  nonDefault,
  sameMeaning,
  saysSomething,
} from '../../../../hooks/core/lost/tree.ts';

describe('isNothing', () => {
  it('holds for what the chart takes as not given', () => {
    for (const value of [undefined, null, '', false, [], {}, { a: '', b: { c: null } }]) {
      expect(isNothing(value), JSON.stringify(value)).to.equal(true);
    }
    for (const value of [0, 'no', true, [''], { a: { b: 1 } }]) {
      expect(isNothing(value), JSON.stringify(value)).to.equal(false);
    }
  });
});

describe('sameMeaning', () => {
  const same: [unknown, unknown][] = [
    [true, 'TRUE'],
    ['1', true],
    [false, '0'],
    [1, '1'],
    [undefined, ''],
    [{ a: 1, b: null }, { a: '1' }],
    [[{ key: 'x' }], [{ key: 'x' }]],
    [{}, null],
  ];
  const different: [unknown, unknown][] = [
    [true, false],
    ['true', 'TRUE'],
    [0, null],
    [1, 2],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    [['a'], ['a', 'b']],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1 }, 'a'],
    [[1], { 0: 1 }],
    ['1Gi', '2Gi'],
  ];
  for (const [pairs, expected] of [
    [same, true],
    [different, false],
  ] as const) {
    for (const [a, b] of pairs) {
      it(`says ${expected} of ${JSON.stringify(a)} and ${JSON.stringify(b)}, in either order`, () => {
        expect(sameMeaning(a, b)).to.equal(expected);
        expect(sameMeaning(b, a)).to.equal(expected);
      });
    }
  }
});

describe('nonDefault', () => {
  const defaults = {
    a: { b: 1, c: { d: 'x' }, off: false },
    list: [1],
    map: {},
    resources: { limits: { epc: 1 } },
  };

  it('keeps nothing of the defaults', () => {
    expect(nonDefault(structuredClone(defaults), defaults)).to.deep.equal({});
  });

  it('keeps what differs, key by key in maps and as a whole in lists', () => {
    const values = {
      a: { b: 2, c: { d: 'x', e: null } },
      list: [1, 2],
      map: { 'k.8/s': 'v' },
      resources: { limits: { epc: 1, memory: '1Gi' } },
      more: { z: 1, none: '' },
    };
    expect(nonDefault(values, defaults)).to.deep.equal({
      a: { b: 2 },
      list: [1, 2],
      map: { 'k.8/s': 'v' },
      resources: { limits: { memory: '1Gi' } },
      more: { z: 1 },
    });
  });

  it('keeps null for a default that was taken away, which Helm leaves out', () => {
    const { list, ...rest } = defaults;
    expect(list).to.deep.equal([1]);
    const values = { ...rest, a: { c: defaults.a.c }, resources: null };
    expect(nonDefault(values, defaults)).to.deep.equal({ a: { b: null }, list: null, resources: null });
  });
});

describe('leavesOf', () => {
  it('names each value once, with its path, and empty maps not at all', () => {
    expect(leavesOf({ a: { 'b.c': 1, d: {} }, e: null, f: [{ g: 1 }] })).to.deep.equal([
      [['a', 'b.c'], 1],
      [['e'], null],
      [['f'], [{ g: 1 }]],
    ]);
  });
});

describe('saysSomething', () => {
  const changes = { a: { b: null, c: { d: 1 } } };
  it('holds for a path itself, for what is below it, and for what holds it', () => {
    for (const path of [['a'], ['a', 'b'], ['a', 'b', 'x'], ['a', 'c', 'd']]) {
      expect(saysSomething(changes, path), path.join('.')).to.equal(true);
    }
    for (const path of [['b'], ['a', 'x'], ['a', 'c', 'e']]) {
      expect(saysSomething(changes, path), path.join('.')).to.equal(false);
    }
  });
});
