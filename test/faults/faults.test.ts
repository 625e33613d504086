import { expect } from 'chai';
import { afterwards, useLab } from '../cluster/shared-lab.ts';
import { faultNames } from './faults.ts';
import type { Suffered } from './play.ts';
import { FaultGround, tally, told } from './seeds.ts';

const runCount = 200;
const firstSeed = 1;
const meshCount = 10;

describe('a rollout with faults between it and the API server and the Coordinator', function () {
  this.timeout('20m');
  const lab = useLab();
  let ground: FaultGround | undefined;
  let runs: Suffered[] = [];

  before(async () => {
    ground = await FaultGround.prepare(lab(), meshCount, console.log);
    runs = await ground.play(Array.from({ length: runCount }, (_, index) => firstSeed + index));
    console.log(`      ${tally(runs)}`);
  });
  afterwards(async () => {
    await ground?.remove();
  });

  it(`is played ${String(runCount)} times, with faults in most of them`, () => {
    expect(runs).to.have.length(runCount);
    expect(runs.filter(({ faults }) => faults.length > 0)).to.have.length.above(runCount / 2);
  });

  it('ends as it should and in time, restarts nothing twice, and nothing outside of state 3', () => {
    const wrong = runs.filter(({ problems }) => problems.length > 0);
    expect(
      wrong.map(({ seed }) => seed),
      wrong.map(told).join('\n'),
    ).to.deep.equal([]);
  });

  for (const name of faultNames) {
    it(`meets: ${name}`, function () {
      const met = runs.some(({ faults }) => faults.some((fault) => fault.endsWith(`: ${name}`)));
      const watches = runs.some(({ faults }) => faults.some((fault) => /[?&]watch=/.test(fault)));
      // A program that watches nothing meets no fault of a watch.
      if (name.includes('watch') && !watches) this.skip();
      expect(met).to.equal(true);
    });
  }
});
