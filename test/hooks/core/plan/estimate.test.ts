import { expect } from 'chai';
import { estimate, estimateText, rounds, type Timings } from '../../../../hooks/core/plan/estimate.ts';
import type { PlannedMarbles } from '../../../../hooks/core/plan/marbles.ts';
import type { MarbleWorkload } from '../../../../hooks/core/marbles/workload.ts';
import { settings } from '../../builders.ts';
import { workload } from '../../marbles.ts';
import { times } from '../../plans.ts';

const restarts = { kind: 'restarts', why: '' } as const;
const stays = { kind: 'stays', why: '' } as const;
const none: Timings = { marbles: new Map(), rolls: new Map() };

function marbles(...waves: MarbleWorkload[][]): PlannedMarbles {
  return {
    waves: waves.map((members, wave) => ({
      wave,
      restarts: members.map((each) => ({ workload: each, reason: '' })),
    })),
    leftAlone: [],
    kept: 0,
  };
}

const one = (name: string) => workload(name, (w) => (w.replicas = 1));

describe('estimate', () => {
  it('adds what preflight, the Coordinator and the waves took before', () => {
    const [a, b, c] = [one('a'), one('b'), one('c')];
    const timings = { ...none, preflight: 5, coordinator: 6, marbles: times([a, 10], [b, 4], [c, 3]) };
    // Within a wave the slowest counts, and wave comes after wave.
    expect(estimate(settings(), restarts, marbles([a, b], [c]), timings).seconds).to.equal(5 + 6 + 10 + 3);
  });

  it('has no more at once than rollout.maxConcurrent', () => {
    const each = ['a', 'b', 'c'].map(one);
    const timings = { ...none, marbles: times(...each.map((w): [MarbleWorkload, number] => [w, 10])) };
    const serial = settings(({ rollout }) => (rollout.maxConcurrent = 1));
    expect(estimate(serial, stays, marbles(each), timings).seconds).to.equal(30);
    const paired = settings(({ rollout }) => (rollout.maxConcurrent = 2));
    expect(estimate(paired, stays, marbles(each), timings).seconds).to.equal(20);
  });

  it('believes a whole restart of a workload more than its pods', () => {
    const web = workload('web', (w) => (w.replicas = 8));
    const timings = { ...none, marbles: times([web, 10]), rolls: times([web, 17]) };
    expect(estimate(settings(), stays, marbles([web]), timings).seconds).to.equal(17);
  });

  it('names what nothing tells of, and says that it is an estimate', () => {
    const text = estimateText(estimate(settings(), restarts, marbles([one('web')]), none));
    expect(text).to.contain(
      'Nothing tells how long this takes: preflight, the Coordinator, deployment/web in shop.',
    );
    expect(text).to.contain('An estimate:').and.to.contain('after 200 s (hooks.deadlineSeconds)');
  });

  it('takes the time of the Job where the Marbles are handed to one', () => {
    const detached = settings(({ rollout }) => (rollout.detach = true));
    expect(estimate(detached, stays, undefined, none)).to.include({
      limitSeconds: 3600,
      limitKey: 'rollout.detachedDeadlineSeconds',
    });
  });
});

const cases: [string, Partial<MarbleWorkload>, number][] = [
  ['a Deployment of one pod', { replicas: 1 }, 1],
  ['a Deployment of four, one more and one less at a time', { replicas: 4 }, 2],
  ['a Deployment that ends all its pods first', { replicas: 4, strategy: 'Recreate' }, 1],
  ['a StatefulSet, pod by pod', { kind: 'StatefulSet', replicas: 3 }, 3],
  ['a StatefulSet with a partition', { kind: 'StatefulSet', replicas: 3, heldBack: 2 }, 1],
  ['a workload without pods', { replicas: 0 }, 0],
];

describe('rounds', () => {
  for (const [what, change, number] of cases) {
    it(`of ${what} are ${number}`, () => {
      expect(rounds(workload('web', (w) => Object.assign(w, change)))).to.equal(number);
    });
  }
});
