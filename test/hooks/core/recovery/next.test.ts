import { expect } from 'chai';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { nextStep, type HeldUp } from '../../../../hooks/core/recovery/next.ts';

const heldUp = (change: Partial<HeldUp>): HeldUp => ({
  release: 'mesh',
  namespace: 'marblerun',
  hookRuns: known(false),
  helm: known({ revision: 7, status: 'failed' }),
  ...change,
});

describe('how a rollout goes on after a recovery', () => {
  it('is by a rollback to the very revision that failed', () => {
    const { text, helm } = nextStep(heldUp({}));
    expect(helm).to.deep.equal(['rollback', 'mesh', '7', '-n', 'marblerun']);
    expect(text).to.contain('Revision 7 failed').and.to.contain('helm rollback mesh 7 -n marblerun');
  });

  /** Title, what is known, what is said. */
  const cases: [string, Partial<HeldUp>, string][] = [
    ['by itself, where the hook waits', { hookRuns: known(true) }, 'goes on by itself'],
    [
      'nothing, where the newest revision is deployed',
      { helm: known({ revision: 7, status: 'deployed' }) },
      'no upgrade waits for this',
    ],
    [
      'by the same command, where Helm was killed',
      { helm: known({ revision: 7, status: 'pending-upgrade' }) },
      'as pending-upgrade: run the same helm command again',
    ],
    [
      'by the same command, where Helm keeps no release',
      { helm: known(undefined) },
      'sync again with Argo CD',
    ],
    ['by the same command, where that may not be seen', { helm: unknown('no right') }, '(no right)'],
  ];
  for (const [title, change, words] of cases) {
    it(`is ${title}`, () => {
      const { text, helm } = nextStep(heldUp(change));
      expect(text).to.contain(words);
      expect(helm).to.equal(undefined);
    });
  }
});
