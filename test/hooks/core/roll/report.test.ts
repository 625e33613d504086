import { expect } from 'chai';
import { progressLine } from '../../../../hooks/core/roll/progress.ts';
import {
  reportedWorkloads,
  totals,
  workloadLines,
  type ReportedWorkload,
} from '../../../../hooks/core/roll/report.ts';
import { member } from './members.ts';

const available = { done: true, failed: false, message: '1 of 1 pods are available' };
const rolling = { done: false, failed: false, message: '0 of 1 pods are of the new template' };

const members = [
  member('a', 'done', { status: available, startedAt: 1000, endedAt: 3440 }),
  member('b', 'rolling', { status: rolling, startedAt: 2000 }),
  member('c', 'waiting', { held: 'the Coordinator does not answer' }),
  member('d', 'done', { status: available, startedAt: 0, endedAt: 10, followed: true }),
];

describe('the report of a roll', () => {
  it('has one line for each workload with its old and new state and the time it took', () => {
    expect(workloadLines(reportedWorkloads(members, [], 5000))).to.deep.equal([
      'restarted    deployment/a in shop in 2.4 s: 1 of 1 -> 1 of 1 pods are available (the root certificate changed)',
      'unfinished   deployment/b in shop in 3 s: 1 of 1 -> 0 of 1 pods are of the new template (the root certificate changed)',
      'not-started  deployment/c in shop: 1 of 1 -> the Coordinator does not answer (the root certificate changed)',
      'finished     deployment/d in shop in 0 s: 1 of 1 -> 1 of 1 pods are available (the root certificate changed)',
    ]);
  });

  it('has one line for all that were kept for the same reason', () => {
    const kept = (name: string, reason: string): ReportedWorkload => {
      return { kind: 'Deployment', namespace: 'shop', name, outcome: 'kept', reason };
    };
    expect(workloadLines([kept('a', 'same'), kept('b', 'opted out'), kept('c', 'same')])).to.deep.equal([
      'kept         2 workloads: same',
      'kept         deployment/b in shop: opted out',
    ]);
  });

  it('adds it up', () => {
    expect(totals(reportedWorkloads(members, [], 5000), 4.9)).to.equal(
      '4 found, 2 restarted in 5 s, 0 left running as they are, 1 unfinished, 1 not started',
    );
    expect(totals([], 0)).to.equal('0 found, 0 restarted, 0 left running as they are');
  });
});

describe('progressLine', () => {
  it('says how many are done, what is in flight and what is held', () => {
    expect(progressLine(members)).to.equal(
      'Marbles: 2 of 4 restarted; deployment/b in shop: 0 of 1 pods are of the new template; deployment/c in shop is held: the Coordinator does not answer',
    );
  });

  it('counts what is too much to name', () => {
    const many = Array.from({ length: 9 }, (_, number) => member(`m${number}`, 'starting'));
    expect(progressLine(many)).to.match(/asked for; and 6 more$/);
  });
});
