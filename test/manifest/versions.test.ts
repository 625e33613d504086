import { expect } from 'chai';
import { checkManifest } from '../../hooks/core/manifest-check/check.ts';
import { inForceOf, type ToldInForce } from '../../hooks/core/manifest-check/in-force.ts';
import { cases, templateCases, updateCases, userNamed, type UpdateCase } from './corpus.ts';
import { judgeAll, needCoordinators, type Question } from './court.ts';
import type { Judgement } from './judge.ts';
import { codesOf, firstManifest } from './verdict.ts';

const manifests = [...['shape.yaml', 'sections.yaml', 'secrets.yaml'].flatMap(cases), ...templateCases()];

/** No update waits for acknowledgements there. */
const updates = updateCases().filter(({ pending }) => pending === undefined);

for (const version of ['v1.8.0', 'v1.5.0'] as const) {
  describe(`Coordinator ${version}`, function () {
    const told = new Map<UpdateCase, ToldInForce>();
    let first: Map<(typeof manifests)[number], Judgement>;
    let later: Map<UpdateCase, Judgement>;

    const update: Question<UpdateCase> = async (judge, each) => {
      const { takes, message } = await judge.set(withOneKey(each.inForce));
      if (!takes) throw new Error(message);
      // Updates are of Packages only, which carol may send.
      const carol = userNamed('carol');
      for (const one of each.earlier) await judge.update(one, carol);
      told.set(each, await judge.inForce());
      return { judgement: await judge.update(each.text, carol), asNew: false };
    };

    before(async function () {
      this.timeout(120_000);
      await needCoordinators(this, version);
      first = await judgeAll(manifests, firstManifest, version);
      later = await judgeAll(updates, update, version);
    });

    for (const each of manifests) {
      it(`judges as expected a first Manifest with ${each.title.replaceAll('\n', ' ')}`, () => {
        agreed(first.get(each), codesOf(checkManifest(each.text, version)).block);
      });
    }

    for (const each of updates) {
      it(`judges as expected an update with ${each.title}`, () => {
        const inForce = inForceOf(told.get(each) ?? { manifest: '', updateLog: [] });
        agreed(later.get(each), codesOf(checkManifest(each.text, version, inForce)).block);
      });
    }
  });
}

function agreed(judgement: Judgement | undefined, block: string[]): void {
  expect(block.length === 0, `${block.join()} ${judgement?.message ?? ''}`).to.equal(judgement?.takes);
}

/** Such a Coordinator takes one recovery key only. */
function withOneKey(manifest: string): string {
  const { RecoveryKeys, ...rest } = JSON.parse(manifest) as { RecoveryKeys: { alice: string } };
  return JSON.stringify({ ...rest, RecoveryKeys: { alice: RecoveryKeys.alice } });
}
