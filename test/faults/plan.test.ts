import { expect } from 'chai';
import { faultNames, type Call } from './faults.ts';
import { Chaos, planOf } from './plan.ts';

const seeds = Array.from({ length: 1000 }, (_, index) => index + 1);
const calls: Call[] = [
  { side: 'api', method: 'GET', path: '/apis/apps/v1/deployments?watch=true&resourceVersion=7' },
  { side: 'api', method: 'PATCH', path: '/apis/apps/v1/namespaces/a/deployments/b' },
  { side: 'coordinator', method: 'GET', path: '/api/v2/status' },
];

/** What befalls the requests of a run, as its log tells. */
function play(seed: number, count = 60): string[] {
  const chaos = new Chaos(planOf(seed));
  for (let round = 0; round < count / calls.length; round++) calls.forEach((call) => chaos.decide(call));
  return chaos.log;
}

describe('the plan of a run with faults', () => {
  it('is decided by its seed alone', () => {
    for (const seed of seeds.slice(0, 50)) {
      expect(planOf(seed)).to.deep.equal(planOf(seed));
      expect(play(seed)).to.deep.equal(play(seed));
    }
  });

  it('has every fault, and a Coordinator in state 1 in a fifth of the runs', () => {
    const logs = seeds.flatMap((seed) => play(seed));
    for (const name of faultNames)
      expect(
        logs.some((line) => line.endsWith(`: ${name}`)),
        name,
      ).to.equal(true);
    const inRecovery = seeds.filter((seed) => planOf(seed).state === 1).length;
    expect(inRecovery).to.be.within(150, 250);
  });

  it('keeps to its budget unless a fault never ends', () => {
    for (const seed of seeds) {
      const { budget, lasting, longHang } = planOf(seed);
      if (lasting === undefined && longHang === undefined) expect(play(seed)).to.have.length.at.most(budget);
    }
  });

  it('never ends a fault that is to last, from its request on', () => {
    const lasting = seeds.map(planOf).filter((plan) => plan.lasting !== undefined);
    expect(lasting).to.have.length.above(100);
    for (const { seed, lasting: fault } of lasting.filter((plan) => plan.lasting?.side === 'both')) {
      const befallen = play(seed, 90).map((line) => Number(line.split(' ')[0]));
      expect(Math.min(...befallen), String(seed)).to.be.at.least(fault?.from ?? 0);
      expect(Math.max(...befallen), String(seed)).to.be.above(80);
    }
  });
});
