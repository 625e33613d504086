import { expect } from 'chai';
import { budgetHold, covers, type PodDisruptionBudget } from '../../../../hooks/core/roll/budget.ts';
import { member } from './members.ts';

const { target } = member('web');

function budget(
  status: PodDisruptionBudget['status'],
  more: Partial<PodDisruptionBudget> = {},
): PodDisruptionBudget {
  return {
    metadata: { name: 'web', namespace: 'shop' },
    spec: { selector: { matchLabels: { app: 'web' } } },
    ...(status === undefined ? {} : { status }),
    ...more,
  };
}

const spent = { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 };

describe('budgetHold', () => {
  it('names the budget that has nothing to spare', () => {
    expect(budgetHold([budget(spent)], target)).to.equal(
      'poddisruptionbudget/web in shop has nothing to spare: 1 of its pods are healthy and 1 have to be',
    );
  });

  const free: [string, PodDisruptionBudget][] = [
    ['one with something to spare', budget({ ...spent, disruptionsAllowed: 1 })],
    ['one without pods', budget({ ...spent, expectedPods: 0 })],
    ['one that its controller has not seen', budget(undefined)],
    ['one of other pods', budget(spent, { spec: { selector: { matchLabels: { app: 'db' } } } })],
    ['one of another namespace', budget(spent, { metadata: { name: 'web', namespace: 'bank' } })],
    ['one without a selector', budget(spent, { spec: {} })],
  ];
  for (const [title, each] of free) {
    it(`does not wait for ${title}`, () => {
      expect(budgetHold([each], target)).to.equal(undefined);
    });
  }

  it('takes a selector of expressions as it is meant', () => {
    const selector = { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'db'] }] };
    expect(covers(budget(spent, { spec: { selector } }), target)).to.equal(true);
  });
});
