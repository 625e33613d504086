import { expect } from 'chai';
import { ringOf, sha256 } from '../../../../hooks/core/backup/copy.ts';
import { chooseCopy, chooseSlot, slotOf, type Slot } from '../../../../hooks/core/backup/ring.ts';
import { bytes, copy, sealedKey, slot } from '../../backups.ts';

const empty = (number: number): Slot => ({ name: `marblerun-coordinator-backup-${number}`, kind: 'empty' });
const foreign = (number: number): Slot => ({ ...empty(number), kind: 'foreign' });
const monday = '2026-11-23T08:00:00.000Z';
const tuesday = '2026-11-24T08:00:00.000Z';
const wednesday = '2026-11-25T08:00:00.000Z';
const state = (text: string) => ({ dataSha256: sha256(bytes(text)) });

describe('chooseSlot', () => {
  const cases: [string, Slot[], string, object][] = [
    ['begins with the first', [empty(1), empty(2)], 'a', write(1)],
    ['goes on with the next', [slot(1, 'a', monday), empty(2)], 'b', write(2)],
    [
      'overwrites the oldest when all are full',
      [slot(1, 'c', wednesday), slot(2, 'a', monday), slot(3, 'b', tuesday)],
      'd',
      write(2, slot(2, 'a', monday)),
    ],
    [
      'writes nothing when the newest copy is the same',
      [slot(1, 'b', tuesday), slot(2, 'a', monday)],
      'b',
      { kind: 'unchanged', name: 'marblerun-coordinator-backup-1' },
    ],
    [
      'copies a state again that only an older copy holds, so that the newest copy is the newest state',
      [slot(1, 'b', tuesday), slot(2, 'a', monday), empty(3)],
      'a',
      write(3),
    ],
    [
      'passes by what is not ours',
      [foreign(1), slot(2, 'a', monday), foreign(3)],
      'b',
      write(2, slot(2, 'a', monday)),
    ],
    ['finds no place where nothing is ours', [foreign(1), foreign(2)], 'a', { kind: 'taken' }],
  ];
  for (const [title, slots, now, choice] of cases) {
    it(title, () => {
      expect(chooseSlot(slots, state(now))).to.deep.equal(choice);
    });
  }

  it('takes the same state with another key for another one', () => {
    const now = { ...state('a'), keySha256: sha256(sealedKey()) };
    expect(chooseSlot([slot(1, 'a', monday), empty(2)], now)).to.deep.equal(write(2));
  });

  function write(number: number, over?: Slot): object {
    return { kind: 'write', name: `marblerun-coordinator-backup-${number}`, over };
  }
});

describe('chooseCopy', () => {
  const slots = [slot(1, 'a', tuesday), slot(2, 'b', wednesday), foreign(3)];

  it('takes the newest, or the one that is named', () => {
    expect(chooseCopy(slots, '')?.name).to.equal('marblerun-coordinator-backup-2');
    const named = 'marblerun-coordinator-backup-1';
    expect(chooseCopy(slots, named)?.name).to.equal(named);
  });

  it('takes none that is not whole, or not there', () => {
    expect(chooseCopy(slots, 'marblerun-coordinator-backup-3')).to.equal(undefined);
    expect(chooseCopy([foreign(1)], '')).to.equal(undefined);
  });
});

describe('slotOf', () => {
  const { note, data, key } = copy('state', monday, sealedKey());
  const text = JSON.stringify(note);
  const kindOf = (content: Parameters<typeof slotOf>[1]) => slotOf('x', content).kind;

  it('knows a copy by a note that fits its files', () => {
    expect(slotOf('x', { note: text, data, key, resourceVersion: '7' })).to.deep.equal({
      name: 'x',
      kind: 'copy',
      copy: { note, data, key },
      resourceVersion: '7',
    });
  });

  it('takes a Secret that is not there for an empty slot', () => {
    expect(kindOf(undefined)).to.equal('empty');
  });

  it('takes what was changed, is not complete or has no note of ours for foreign', () => {
    expect(kindOf({})).to.equal('foreign');
    expect(kindOf({ data })).to.equal('foreign');
    expect(kindOf({ note: text, key })).to.equal('foreign');
    expect(kindOf({ note: text, data: bytes('other'), key })).to.equal('foreign');
    expect(kindOf({ note: text, data })).to.equal('foreign');
    expect(kindOf({ note: 'null', data, key })).to.equal('foreign');
    expect(kindOf({ note: '{', data, key })).to.equal('foreign');
    for (const change of [{ schemaVersion: 2 }, { time: 'yesterday' }, { node: 1 }, { time: undefined }]) {
      expect(kindOf({ note: JSON.stringify({ ...note, ...change }), data, key })).to.equal('foreign');
    }
  });
});

describe('ringOf', () => {
  it('names as many Secrets as copies are kept', () => {
    expect(ringOf(2)).to.deep.equal(['marblerun-coordinator-backup-1', 'marblerun-coordinator-backup-2']);
  });
});
