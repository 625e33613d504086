import { expect } from 'chai';
import { checkInjector } from '../../../../hooks/core/checks/injector.ts';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import { injectorSelector } from '../../../../hooks/core/injector.ts';
import { known } from '../../../../hooks/core/known.ts';
import { movingIn, releaseObjects, renderedDefaults } from '../../upstream.ts';
import { all } from '../../changes.ts';
import type { Change } from '../../builders.ts';
import { cases } from './cases.ts';

const oldSelector = { ...injectorSelector, 'app.kubernetes.io/version': 'v1.2.0' };
const selecting =
  (matchLabels: Record<string, string>): Change<PreflightFacts> =>
  (f) => {
    const injector = renderedDefaults(({ spec }) => (spec.selector = { matchLabels }));
    f.objects = releaseObjects((o) => (o.injector = known(injector)));
  };
const wanted: Change<PreflightFacts> = (f) => (f.settings.values.marbleInjector = { start: true });

describe('checkInjector', () => {
  cases(checkInjector, [
    ['finds nothing where there is no injector', wanted, []],
    [
      'finds nothing wrong with one that Helm can change',
      all(wanted, selecting({ ...injectorSelector })),
      [],
    ],
    [
      'blocks for one with the version in its selector',
      all(wanted, selecting(oldSelector)),
      ['block injector-outdated'],
    ],
    ['leaves one alone that the release gives up', selecting(oldSelector), []],
  ]);

  it('says how to replace it', () => {
    const [finding] = checkInjector(movingIn(all(wanted, selecting(oldSelector))));
    expect(finding?.message).to.contain('app.kubernetes.io/version=v1.2.0');
    expect(finding?.remedy).to.contain('kubectl -n marblerun delete deployment marble-injector');
  });
});
