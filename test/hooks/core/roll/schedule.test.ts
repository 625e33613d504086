import { expect } from 'chai';
import type { Member, Phase } from '../../../../hooks/core/roll/member.ts';
import { due, isCrowded, mayStart, inOrder, isFinished } from '../../../../hooks/core/roll/schedule.ts';
import { inWave, member } from './members.ts';

const names = (members: readonly Member[]): string[] => members.map(({ target }) => target.name);

describe('inOrder', () => {
  it('sorts by wave, then namespace, then name', () => {
    const elsewhere = member('a');
    const other = { ...elsewhere, target: { ...elsewhere.target, namespace: 'bank', name: 'z' } };
    const members = [inWave(1, 'a'), member('c'), inWave(-1, 'z'), other, member('b')];
    expect(names(inOrder(members))).to.deep.equal(['z', 'z', 'b', 'c', 'a']);
  });
});

describe('due', () => {
  const cases: [string, Member[], string[]][] = [
    ['all that wait of the first wave', [member('a', 'rolling'), member('b'), member('c')], ['b', 'c']],
    ['none of a later wave while one rolls', [inWave(0, 'a', 'rolling'), inWave(1, 'b')], []],
    ['none of a later wave while one is held', [inWave(0, 'a'), inWave(1, 'b')], ['a']],
    [
      'a later wave when the one before is over',
      [inWave(0, 'a', 'done'), inWave(0, 'b', 'gone'), inWave(1, 'c')],
      ['c'],
    ],
    ['none after a failure', [member('a', 'failed'), member('b')], []],
    ['none when all are over', [member('a', 'done')], []],
  ];
  for (const [title, members, expected] of cases) {
    it(`gives ${title}`, () => {
      expect(names(due(members))).to.deep.equal(expected);
    });
  }
});

describe('mayStart', () => {
  const inFlight = [member('a', 'rolling'), member('b', 'starting'), member('c'), member('d', 'done')];
  const cases: [number, boolean][] = [
    [1, false],
    [2, false],
    [3, true],
  ];
  for (const [maxConcurrent, expected] of cases) {
    it(`is ${expected} for two in flight of at most ${maxConcurrent}`, () => {
      expect(mayStart(inFlight, maxConcurrent)).to.equal(expected);
    });
  }
});

describe('isCrowded', () => {
  it('counts those in flight, and not those that wait or are done', () => {
    const many = (phase: Phase): Member[] =>
      Array.from({ length: 51 }, (_, index) => member(`m${index}`, phase));
    expect(isCrowded(many('rolling'))).to.equal(true);
    expect(isCrowded([...many('waiting'), ...many('done'), member('a', 'rolling')])).to.equal(false);
  });
});

describe('isFinished', () => {
  const cases: [string, boolean, Member[]][] = [
    ['nothing to do', true, []],
    ['all done or gone', true, [member('a', 'done'), member('b', 'gone')]],
    ['one waiting', false, [member('a', 'done'), member('b')]],
    ['a failure and others waiting', true, [member('a', 'failed'), member('b')]],
    ['a failure and another in flight', false, [member('a', 'failed'), member('b', 'rolling')]],
  ];
  for (const [title, expected, members] of cases) {
    it(`is ${expected} with ${title}`, () => {
      expect(isFinished(members)).to.equal(expected);
    });
  }
});
