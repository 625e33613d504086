import { expect } from 'chai';
import { checkManifest } from '../../hooks/core/manifest-check/check.ts';
import { templateCases } from './corpus.ts';
import { judgeAll, needCoordinators } from './court.ts';
import type { Judgement } from './judge.ts';
import { codesOf, firstManifest } from './verdict.ts';

const version = 'v1.9.1';
const all = templateCases();

describe(`A template of a Manifest, tried by Coordinator ${version}`, function () {
  let judgements: Map<(typeof all)[number], Judgement>;

  before(async function () {
    this.timeout(120_000);
    await needCoordinators(this, version);
    judgements = await judgeAll(all, firstManifest, version);
  });

  for (const each of all) {
    const { title, text, kind } = each;
    it(`is ${kind}: ${title.replaceAll('\n', ' ')}`, () => {
      const judgement = judgements.get(each);
      const { block, warn } = codesOf(checkManifest(text, version));
      expect(block).to.deep.equal(kind === 'refused' ? ['template-invalid'] : []);
      expect(warn.includes('not-checked')).to.equal(kind === 'undecided');
      if (kind === 'refused') expect(judgement?.message).to.match(/template/);
      expect(judgement?.takes, judgement?.message).to.equal(kind !== 'refused');
    });
  }
});
