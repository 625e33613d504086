import { expect } from 'chai';
import { checkManifest } from '../../hooks/core/manifest-check/check.ts';
import { cases, type Case } from './corpus.ts';
import { judgeAll, needCoordinators } from './court.ts';
import type { Judgement } from './judge.ts';
import { codesOf, firstManifest } from './verdict.ts';

const version = 'v1.9.1';
const themes = {
  'how it is read': cases('shape.yaml'),
  'its sections': cases('sections.yaml'),
  'its secrets, settings and recovery': cases('secrets.yaml'),
};

describe(`A first Manifest, judged by Coordinator ${version}`, function () {
  let judgements: Map<Case, Judgement>;

  before(async function () {
    this.timeout(120_000);
    await needCoordinators(this, version);
    judgements = await judgeAll(Object.values(themes).flat(), firstManifest, version);
  });

  for (const [theme, all] of Object.entries(themes)) {
    describe(theme, () => {
      for (const each of all) {
        const { title, text, refused, undecided, says = '', warns = [] } = each;
        const takes = refused === undefined && undecided === undefined;
        it(`${takes ? 'takes' : 'refuses'} ${title}`, () => {
          const judgement = judgements.get(each);
          const { block, warn } = codesOf(checkManifest(text, version));
          expect(judgement?.takes, judgement?.message).to.equal(takes);
          expect(judgement?.message).to.contain(says);
          expect(block.length === 0, block.join()).to.equal(refused === undefined);
          if (refused !== undefined) expect(block).to.include(refused);
          expect(warn).to.include.members(undecided === undefined ? warns : [undecided]);
        });
      }
    });
  }
});
