import { expect } from 'chai';
import { atMost } from '../../../hooks/io/at-most.ts';
import { rejection } from '../rejection.ts';

describe('atMost', () => {
  it('works on so many at a time, and answers in order', async () => {
    let running = 0;
    let most = 0;
    const squares = await atMost(3, [5, 1, 4, 2, 3], async (number) => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < number; turn++) await Promise.resolve();
      running--;
      return number * number;
    });
    expect(squares).to.deep.equal([25, 1, 16, 4, 9]);
    expect(most).to.equal(3);
  });

  it('has nothing to do without items', async () => {
    expect(await atMost(3, [], async () => await Promise.resolve(1))).to.deep.equal([]);
  });

  it('hands on a failure', async () => {
    const failing = atMost(2, [1, 2], async () => await Promise.reject<number>(new Error('no')));
    expect((await rejection(failing)).message).to.equal('no');
  });
});
