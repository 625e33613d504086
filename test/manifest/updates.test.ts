import { expect } from 'chai';
import { checkManifest } from '../../hooks/core/manifest-check/check.ts';
import { inForceOf, type ToldInForce } from '../../hooks/core/manifest-check/in-force.ts';
import { updateCases, userNamed, type UpdateCase } from './corpus.ts';
import { judgeAll, needCoordinators, type Question } from './court.ts';
import type { Judgement } from './judge.ts';
import { codesOf } from './verdict.ts';

const version = 'v1.9.1';
const all = updateCases();

/** What the Coordinator tells of the Manifest in force, just before it gets the update. */
const told = new Map<UpdateCase, ToldInForce>();

const update: Question<UpdateCase> = async (judge, each) => {
  const { inForce, earlier, pending, by, text } = each;
  await taken(judge.set(inForce));
  for (const one of earlier) await taken(judge.update(one, by));
  if (pending !== undefined) await taken(judge.update(pending, userNamed('alice')));
  told.set(each, await judge.inForce());
  return { judgement: await judge.update(text, by), asNew: false };
};

async function taken(judging: Promise<Judgement>): Promise<void> {
  const { takes, message } = await judging;
  if (!takes) throw new Error(`what comes before the update is refused: ${message}`);
}

describe(`An update of a Manifest, judged by Coordinator ${version}`, function () {
  let judgements: Map<UpdateCase, Judgement>;

  before(async function () {
    this.timeout(120_000);
    await needCoordinators(this, version);
    judgements = await judgeAll(all, update, version);
  });

  for (const each of all) {
    const { title, text, refused, says = '', warns = [], infos = [] } = each;
    it(`${refused === undefined ? 'takes' : 'refuses'} ${title}`, () => {
      const judgement = judgements.get(each);
      const inForce = inForceOf(told.get(each) ?? { manifest: '', updateLog: [] });
      const { block, warn, info } = codesOf(checkManifest(text, version, inForce));
      expect(judgement?.takes, judgement?.message).to.equal(refused === undefined);
      expect(judgement?.message).to.contain(says);
      expect(block.length === 0, block.join()).to.equal(judgement?.takes);
      if (refused !== undefined) expect(block).to.include(refused);
      expect(warn).to.include.members(warns);
      expect(info).to.include.members(infos);
    });
  }
});
