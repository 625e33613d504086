import { expect } from 'chai';
import type { Pod } from '../../../../hooks/core/objects.ts';
import { patienceSeconds } from '../../../../hooks/core/roll/patience.ts';
import { heard, judged, looked, newPods } from '../../../../hooks/core/roll/sight.ts';
import { pod } from '../../builders.ts';
import { member } from './members.ts';

const waiting = { done: false, failed: false, message: '0 of 1 pods are available' };
const done = { done: true, failed: false, message: '1 of 1 pods are available' };
const failed = { done: false, failed: true, message: 'it exceeded its progress deadline' };
const patched = { uid: 'u1', generation: 4 };

describe('heard', () => {
  it('takes in how far a roll is', () => {
    expect(heard(patched, { uid: 'u1', generation: 4, status: waiting }, 50)).to.deep.equal({
      status: waiting,
      heardAt: 50,
    });
  });

  it('ends it when it is done, also on a generation that somebody put on top', () => {
    for (const generation of [4, 5]) {
      expect(heard(patched, { uid: 'u1', generation, status: done }, 50)).to.deep.include({
        phase: 'done',
        endedAt: 50,
      });
    }
  });

  it('does not listen to news from before the change', () => {
    expect(heard(patched, { uid: 'u1', generation: 3, status: done }, 50)).to.deep.equal({});
  });

  it('calls a workload that was made anew gone, and not done', () => {
    const change = heard(patched, { uid: 'u2', generation: 9, status: done }, 50);
    expect(change).to.deep.include({ phase: 'gone', endedAt: 50 });
    expect(change.failure).to.contain('made anew');
  });
});

function stuck(reason: string, restartCount = 0): Pod {
  return pod((p) => {
    p.metadata.name = 'web-1';
    const state = { waiting: { reason, message: 'm' } };
    p.status = {
      phase: 'Pending',
      containerStatuses: [{ name: 'marble', ready: false, restartCount, state }],
    };
  });
}

function running(restartCount: number): Pod {
  return pod((p) => {
    const state = { running: {} };
    p.status = {
      phase: 'Running',
      containerStatuses: [{ name: 'marble', ready: false, restartCount, state }],
    };
  });
}

describe('looked', () => {
  it('remembers since when a trouble lasts', () => {
    const first = looked(undefined, [stuck('ImagePullBackOff')], 100);
    expect(first).to.deep.include({ kind: 'image', since: 100 });
    expect(looked(first, [stuck('ErrImagePull')], 200)).to.deep.include({ kind: 'image', since: 100 });
  });

  it('begins anew with another kind of trouble', () => {
    const first = looked(undefined, [stuck('ImagePullBackOff')], 100);
    expect(looked(first, [stuck('CrashLoopBackOff')], 200)).to.deep.include({ kind: 'crash', since: 200 });
  });

  it('does not take the moment in which a crashing container runs for its recovery', () => {
    const first = looked(undefined, [stuck('CrashLoopBackOff', 1)], 100);
    expect(looked(first, [running(2)], 200)).to.deep.equal(first);
    expect(looked(undefined, [running(2)], 200)).to.equal(undefined);
  });

  it('forgets a trouble that is over', () => {
    expect(looked({ kind: 'image', text: 'x', since: 1, restartsBefore: 0 }, [running(0)], 200)).to.equal(
      undefined,
    );
  });
});

describe('newPods', () => {
  it('are those that carry the key', () => {
    const fresh = pod((p) => (p.metadata.annotations = { 'marblerun-hooks/started-under': 'k2' }));
    const old = pod((p) => (p.metadata.annotations = { 'marblerun-hooks/started-under': 'k1' }));
    expect(newPods([old, fresh, pod()], 'k2')).to.deep.equal([fresh]);
  });
});

describe('judged', () => {
  it('fails a roll whose controller gave up', () => {
    const change = judged(member('web', 'rolling', { status: failed }), 9000);
    expect(change).to.deep.equal({ phase: 'failed', endedAt: 9000, failure: failed.message });
  });

  it('does not hold an old deadline against a roll that an earlier run began', () => {
    expect(judged(member('web', 'rolling', { status: failed, followed: true }), 9000)).to.deep.equal({});
  });

  it('waits for what is merely slow', () => {
    expect(judged(member('web', 'rolling', { status: waiting }), 1e9)).to.deep.equal({});
  });

  for (const [kind, seconds] of Object.entries(patienceSeconds)) {
    it(`gives ${kind} ${seconds} s`, () => {
      const trouble = {
        kind: kind as keyof typeof patienceSeconds,
        text: 'pod/web-1: it is stuck',
        since: 0,
        restarts: 3,
        restartsBefore: 1,
      };
      const stuckMember = member('web', 'rolling', { status: waiting, trouble });
      expect(judged(stuckMember, seconds * 1000 - 1)).to.deep.equal({});
      expect(judged(stuckMember, seconds * 1000).failure).to.equal(
        `for ${seconds} s: pod/web-1: it is stuck`,
      );
    });
  }

  it('gives a crashing container two more chances, however long the pauses between them are', () => {
    const trouble = { kind: 'crash' as const, text: 'it crashes', since: 0, restarts: 4, restartsBefore: 3 };
    expect(judged(member('web', 'rolling', { status: waiting, trouble }), 100_000)).to.deep.equal({});
    trouble.restarts = 5;
    expect(judged(member('web', 'rolling', { status: waiting, trouble }), 100_000).phase).to.equal('failed');
  });

  it('leaves alone what does not roll', () => {
    expect(judged(member('web', 'waiting', { status: failed }), 1)).to.deep.equal({});
  });
});
