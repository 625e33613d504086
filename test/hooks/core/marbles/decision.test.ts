import { expect } from 'chai';
import { startKeyOfPod } from '../../../../hooks/core/marbles/conditions.ts';
import { decideMarbles } from '../../../../hooks/core/marbles/decision.ts';
import type { MarbleWorkload } from '../../../../hooks/core/marbles/workload.ts';
import type { RolloutRecord } from '../../../../hooks/core/record.ts';
import { record } from '../../builders.ts';
import { workload } from '../../marbles.ts';
import { key, now } from './now.ts';

const web = workload();

describe('decideMarbles', () => {
  const recorded = record((r) => (r.startedUnder = 'earlier'));
  const ofPod = startKeyOfPod(now, 'pod-1');
  const decide = (
    marble: MarbleWorkload,
    mode: 'auto' | 'always' | 'never' = 'auto',
    known: RolloutRecord | undefined = recorded,
  ) =>
    decideMarbles([marble], now, known, {
      mode,
      key: mode === 'always' ? ofPod : key,
      onDelete: 'report',
    })[0];

  it('keeps one that started under the same conditions', () => {
    expect(decide({ ...web, startedUnder: key })?.action).to.equal('keep');
  });

  it('restarts one that started under others', () => {
    expect(decide({ ...web, startedUnder: 'other' })?.action).to.equal('restart');
  });

  it('takes one without a key to have started under what the record says', () => {
    expect(decide(web)?.action).to.equal('restart');
    expect(decide(web, 'auto', { ...recorded, startedUnder: key })?.action).to.equal('keep');
  });

  it('keeps everything when nothing is recorded', () => {
    for (const mode of ['auto', 'never'] as const) {
      const [decision] = decideMarbles([web], now, undefined, { mode, key, onDelete: 'report' });
      expect(decision?.action, mode).to.equal('keep');
    }
  });

  it('restarts with rollout.restart always even when nothing is recorded', () => {
    const [decision] = decideMarbles([web], now, undefined, {
      mode: 'always',
      key: ofPod,
      onDelete: 'report',
    });
    expect(decision?.action).to.equal('restart');
  });

  /** What a workload started under, the mode, what becomes of it. */
  const modes: [string, string, 'auto' | 'always' | 'never', string][] = [
    ['this very pod', ofPod, 'always', 'keep'],
    ['an earlier pod', startKeyOfPod(now, 'pod-0'), 'always', 'restart'],
    ['the same conditions without a pod', key, 'always', 'restart'],
    ['an earlier pod', startKeyOfPod(now, 'pod-0'), 'auto', 'keep'],
    ['an earlier pod', startKeyOfPod(now, 'pod-0'), 'never', 'keep'],
    ['other conditions and this pod', startKeyOfPod({ ...now, nonce: '1' }, 'pod-1'), 'auto', 'restart'],
  ];
  for (const [title, before, mode, action] of modes) {
    it(`answers "${action}" with rollout.restart ${mode} to one that started under ${title}`, () => {
      expect(decide({ ...web, startedUnder: before }, mode)?.action).to.equal(action);
      expect(decide(web, mode, { ...recorded, startedUnder: before })?.action).to.equal(action);
    });
  }

  it('believes a workload’s own key more than the record', () => {
    expect(decide({ ...web, startedUnder: ofPod }, 'always')?.action).to.equal('keep');
  });

  it('names what changed', () => {
    const before = record((r) => {
      r.bootstrapping = 5;
      r.intermediateCertificate = 'old';
    });
    expect(decide(web, 'auto', before)?.reason).to.equal(
      'the Coordinator bootstraps Marbles in another way and the intermediate certificate changed',
    );
    expect(decide(web, 'always')?.reason).to.contain('rollout.restart is always');
  });

  it('does not say of one that has opted out what it started under', () => {
    const optedOut = workload('web', (w) => (w.restart = 'never'));
    expect(decide(optedOut, 'auto', { ...recorded, startedUnder: key })).to.deep.include({
      action: 'keep',
      reason: 'its annotation marblerun-hooks/restart is never',
    });
    expect(decide({ ...optedOut, startedUnder: key })?.reason).to.contain('started under the same');
  });

  it('tells of a restart that an earlier run has begun and not ended, and of no other roll', () => {
    const rolling = workload('web', (w) => (w.status = { done: false, failed: false, message: '1 of 2' }));
    expect(decide({ ...rolling, startedUnder: key })).to.deep.include({
      action: 'keep',
      unfinished: true,
      reason: 'it was restarted by an earlier run, which has not ended: 1 of 2',
    });
    expect(decide({ ...web, startedUnder: key })?.unfinished).to.equal(false);
    expect(decide(rolling, 'auto', { ...recorded, startedUnder: key })?.unfinished).to.equal(false);
    expect(decide({ ...rolling, startedUnder: key, paused: true })?.unfinished).to.equal(false);
    const lostAPod = { ...rolling.status, completed: true };
    expect(decide({ ...rolling, startedUnder: key, status: lostAPod })?.unfinished).to.equal(false);
  });

  it('leaves alone what something keeps from a restart, with both reasons', () => {
    expect(decide({ ...web, paused: true })).to.deep.include({
      action: 'skip',
      reason:
        'it started under other conditions (rollout.nonce, or an earlier Coordinator), but it is paused',
      due: true,
    });
  });

  it('says nothing of what keeps it from a restart that it does not need', () => {
    expect(decide({ ...web, paused: true, startedUnder: key })?.action).to.equal('keep');
  });
});
