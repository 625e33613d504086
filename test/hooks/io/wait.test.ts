import { expect } from 'chai';
import { DeadlineError, waitFor, type Look } from '../../../hooks/io/wait.ts';
import { rejection } from '../rejection.ts';
import { TestClock } from '../test-clock.ts';

describe('waitFor', () => {
  const wait = (clock: TestClock, lines: string[] = []) => ({
    clock,
    signal: clock.deadline.signal,
    progress: (line: string) => void lines.push(line),
  });

  it('answers at once when there is a value, without a word', async () => {
    const clock = new TestClock();
    const lines: string[] = [];
    const look = async (): Promise<Look<number>> => await Promise.resolve({ done: true, value: 7 });
    expect(await waitFor(wait(clock, lines), 'x', look)).to.equal(7);
    expect(clock.sleeps).to.deep.equal([]);
    expect(lines).to.deep.equal([]);
  });

  it('looks once a second, and says the same no more often than every ten', async () => {
    const clock = new TestClock();
    const lines: string[] = [];
    let looks = 0;
    await waitFor(wait(clock, lines), 'pod/web', async () => {
      looks += 1;
      const message = looks === 5 ? 'image pulled' : 'Pending';
      return await Promise.resolve(looks > 25 ? { done: true, value: looks } : { done: false, message });
    });
    expect(clock.sleeps).to.deep.equal(Array.from({ length: 25 }, () => 1000));
    expect(lines).to.deep.equal([
      'pod/web: Pending',
      'pod/web: image pulled',
      'pod/web: Pending',
      'pod/web: Pending',
    ]);
  });

  it('throws a DeadlineError with what it was waiting for', async () => {
    const clock = new TestClock(5000);
    const look = async (): Promise<Look<never>> => await Promise.resolve({ done: false, message: 'Pending' });
    const error = await rejection(waitFor(wait(clock), 'pod/web', look));
    expect(error).to.be.instanceOf(DeadlineError);
    expect(error.message).to.equal('pod/web: the time is up first; Pending');
    expect(error.cause).to.have.property('message', 'the time is up');
  });

  it('hands on what a look throws', async () => {
    const look = async (): Promise<Look<never>> => await Promise.reject(new Error('gone'));
    expect((await rejection(waitFor(wait(new TestClock()), 'x', look))).message).to.equal('gone');
  });
});
