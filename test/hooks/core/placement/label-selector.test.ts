import { expect } from 'chai';
import {
  selects,
  selectsAll,
  selectorText,
  withLabelKeys,
} from '../../../../hooks/core/placement/label-selector.ts';
import type { LabelSelector } from '../../../../hooks/core/pod-rules.ts';

const labels = { app: 'db', tier: '' };
const by = (operator: string, ...values: string[]): LabelSelector => ({
  matchExpressions: [{ key: 'app', operator, values }],
});

/** Title, selector, whether it selects the labels above, and its text in a query. */
const cases: [string, LabelSelector, boolean, string][] = [
  ['nothing asked', {}, true, ''],
  ['a label', { matchLabels: { app: 'db' } }, true, 'app=db'],
  ['another value', { matchLabels: { app: 'web' } }, false, 'app=web'],
  ['an empty value', { matchLabels: { tier: '' } }, true, 'tier='],
  ['one of two', by('In', 'web', 'db'), true, 'app in (web,db)'],
  ['none of two', by('NotIn', 'web', 'db'), false, 'app notin (web,db)'],
  ['a key', by('Exists'), true, 'app'],
  ['no key', by('DoesNotExist'), false, '!app'],
  ['both kinds', { matchLabels: { app: 'db' }, ...by('NotIn', 'web') }, true, 'app=db,app notin (web)'],
];

describe('selects', () => {
  for (const [title, selector, expected, text] of cases) {
    it(`${expected ? 'fits' : 'does not fit'} ${title}, in a query "${text}"`, () => {
      expect(selects(selector, labels)).to.equal(expected);
      expect(selectorText(selector)).to.equal(text);
    });
  }

  it('selects nothing where there is no selector', () => {
    expect(selects(undefined, labels)).to.equal(false);
    expect(selectsAll(undefined)).to.equal(false);
    expect(selectsAll({})).to.equal(true);
  });
});

describe('withLabelKeys', () => {
  it('asks for the pod’s own values, as the API server adds them', () => {
    const selector = withLabelKeys({ matchLabels: { a: '1' } }, labels, ['app', 'absent']);
    expect(selectorText(selector ?? {})).to.equal('a=1,app=db');
    expect(withLabelKeys(undefined, labels, ['app'])).to.equal(undefined);
  });
});
