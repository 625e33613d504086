import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { useLab } from '../cluster/shared-lab.ts';
import { summary } from './summary.ts';
import type { Played } from './play.ts';
import { playSeeds } from './seeds.ts';

/** Seeds that once told of a mistake, with what it was. They are played each time. */
const kept = JSON.parse(readFileSync(new URL('fixtures/seeds.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;
const firstSeed = 1;
const scenarios = 320;

const verdicts = ['stays', 'may-move', 'must-move', 'moves-as-declared', 'unknown'];
const filters = [
  'NodeUnschedulable',
  'NodeName',
  'TaintToleration',
  'NodeAffinity',
  'NodePorts',
  'NodeResourcesFit',
  'VolumeRestrictions',
  'VolumeBinding',
  'VolumeZone',
  'PodTopologySpread',
  'InterPodAffinity',
];

describe('placement, judged by preflight and then by the real scheduler', function () {
  this.timeout('12m');
  const lab = useLab();
  let played: Played[] = [];

  before(async () => {
    const fresh = Array.from({ length: scenarios }, (_, index) => firstSeed + index);
    const seeds = new Set([...Object.keys(kept).map(Number), ...fresh]);
    played = await playSeeds(lab(), [...seeds]);
    console.log(summary(played));
  });

  it('plays at least 300 scenarios', () => {
    expect(played).to.have.length.of.at.least(300);
  });

  it('never says that the pod stays, must move or moves as declared when it does not, nor why in other words', () => {
    const wrong = played.filter(({ mismatch }) => mismatch !== undefined);
    expect(wrong, wrong.map((each) => JSON.stringify(each, undefined, 2)).join('\n')).to.deep.equal([]);
  });

  it('leaves at most 2 % unknown', () => {
    const placed = played.filter(({ notAdmitted }) => notAdmitted !== true);
    const unknown = placed.filter(({ verdict }) => verdict.kind === 'unknown');
    expect(unknown.length / placed.length, JSON.stringify(unknown)).to.be.at.most(0.02);
  });

  it('says which pods the API server refuses for their RuntimeClass, which makes them a case of their own', () => {
    expect(played.filter(({ notAdmitted }) => notAdmitted === true)).not.to.be.empty;
  });

  for (const kind of verdicts) {
    it(`comes to the verdict ${kind} at least once`, () => {
      expect(played.map(({ verdict }) => verdict.kind)).to.include(kind);
    });
  }

  for (const filter of filters) {
    it(`is refused by ${filter} at least once`, () => {
      const refusing = played.map(({ verdict }) => (verdict.kind === 'must-move' ? verdict.filter : ''));
      expect(refusing).to.include(filter);
    });
  }
});
