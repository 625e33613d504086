import { expect } from 'chai';
import { startKey, startKeyOfPod } from '../../../../hooks/core/marbles/conditions.ts';
import type { MarbleDecision } from '../../../../hooks/core/marbles/decision.ts';
import {
  leftAlone,
  looseDue,
  unknownMarbles,
  waveFindings,
} from '../../../../hooks/core/marbles/left-alone.ts';
import { intermediateCertificate, record, rootCertificate } from '../../builders.ts';
import { workload } from '../../marbles.ts';

const now = { bootstrapping: 6, rootCertificate, intermediateCertificate, nonce: '' };
const job = { subject: 'job/import in shop', why: 'a Job runs to its end' };
const decision = (change: Partial<MarbleDecision>): MarbleDecision => ({
  workload: workload('db', (w) => (w.kind = 'StatefulSet')),
  action: 'skip',
  reason: 'the root certificate changed, but it is paused',
  unfinished: false,
  due: true,
  ...change,
});

describe('looseDue', () => {
  const cases: [string, string | undefined, boolean][] = [
    ['under other conditions', 'other', true],
    ['under the same', startKey(now), false],
    ['under the same, by the pod', startKeyOfPod(now, 'pod-1'), false],
    ['under conditions that nobody knows', undefined, false],
  ];
  for (const [title, startedUnder, due] of cases) {
    it(`holds ${due ? 'all' : 'none'} when Marbles started ${title}`, () => {
      const before = startedUnder === undefined ? undefined : record((r) => (r.startedUnder = startedUnder));
      expect(looseDue({ loose: [job] }, now, before)).to.deep.equal(due ? [job] : []);
    });
  }
});

describe('leftAlone', () => {
  it('says nothing when all that has to restarts', () => {
    expect(leftAlone([decision({ action: 'restart' }), decision({ action: 'keep' })], [])).to.deep.equal([]);
  });

  it('names each with its kind and its reason', () => {
    const [finding] = leftAlone([decision({})], [job]);
    expect(finding).to.deep.include({
      code: 'marbles-left-alone',
      severity: 'warn',
      message:
        '2 objects with Marble pods are left alone: statefulset/db in shop: the root certificate changed, but it is paused; job/import in shop: a Job runs to its end.',
    });
  });

  it('is good to know only, where no restart is due any more', () => {
    const [finding] = leftAlone([decision({ due: false })], []);
    expect(finding).to.deep.include({ severity: 'info', remedy: '' });
    expect(finding?.message).to.match(/^1 object with Marble pods is left alone: /);
  });

  it('names at most ten', () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ ...job, subject: `pod/p-${index} in shop` }));
    const [finding] = leftAlone([], many);
    expect(finding?.message).to.match(/^12 objects with Marble pods are left alone: .*; and 2 more\.$/);
  });
});

describe('waveFindings', () => {
  it('names the workload, its annotation and the command that mends it', () => {
    const odd = workload('db', (w) => Object.assign(w, { kind: 'StatefulSet', unreadableWave: 'last' }));
    expect(waveFindings([workload(), odd])).to.deep.equal([
      {
        code: 'wave-unreadable',
        severity: 'warn',
        subject: 'statefulset/db in shop',
        message: 'Its annotation marblerun-hooks/wave is "last", which is no integer: it restarts in wave 0.',
        remedy:
          'Set a wave, for example 1: kubectl -n shop annotate --overwrite statefulset db marblerun-hooks/wave=1',
      },
    ]);
  });
});

describe('unknownMarbles', () => {
  it('says what could not be read, and nothing where all was', () => {
    expect(unknownMarbles([])).to.deep.equal([]);
    const [finding] = unknownMarbles(['replicasets is forbidden', 'pods is forbidden']);
    expect(finding?.message).to.contain(': replicasets is forbidden; pods is forbidden.');
  });
});
