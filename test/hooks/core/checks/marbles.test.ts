import { expect } from 'chai';
import { checkMarbles } from '../../../../hooks/core/checks/marbles.ts';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { startConditions, startKey } from '../../../../hooks/core/marbles/conditions.ts';
import { noMarbles } from '../../../../hooks/core/marbles/found.ts';
import { coordinator, facts, record, type Change } from '../../builders.ts';
import { all, goesTo, runs, withManifest } from '../../changes.ts';
import { found, workload } from '../../marbles.ts';
import { cases } from './cases.ts';

const key = startKey(startConditions(coordinator(), 'v1.9.1', ''));
const unseen = (why: string) => ({ ...noMarbles, unknown: [why] });
/** A Marble that started under what is in force before the upgrade and, from v1.6 on, after it. */
const marbles: Change<PreflightFacts> = (f) => {
  f.marbles = found(workload('web'));
  f.record = known(record((r) => (r.startedUnder = key)));
};
const restarted = all(marbles, (f) => (f.settings.rollout.nonce = 'again'));
const bounded = (most: number) => withManifest((manifest) => (manifest.maxActivations = { frontend: most }));
const injector =
  (webhook: boolean, available: number): Change<PreflightFacts> =>
  (f) => {
    f.injector = known({ webhook, available });
  };

describe('checkMarbles', () => {
  cases(checkMarbles, [
    ['finds nothing where there are no Marbles', () => undefined, []],
    ['finds nothing where Marbles keep running', marbles, []],
    ['tells which restart for a new nonce', restarted, ['info marbles-restart']],
    [
      'tells that all restart with a new bootstrapping',
      (f) => {
        all(runs('v1.5.0'), goesTo('v1.6.0'))(f);
        f.marbles = found(workload('web'));
        f.record = known(undefined);
      },
      ['info marbles-restart'],
    ],
    [
      'tells no restart that rollout.restart forbids, but what it leaves alone',
      all(restarted, (f) => (f.settings.rollout.restart = 'never')),
      ['warn marbles-left-alone'],
    ],
    [
      'tells of a restart that rollout.restart demands',
      all(marbles, (f) => (f.settings.rollout.restart = 'always')),
      ['info marbles-restart'],
    ],
    [
      'says that it does not know without the right to list them',
      (f) => (f.marbles = unseen('replicasets is forbidden')),
      ['warn marbles-unknown'],
    ],
    [
      'says that it does not know the injector without the right to read it',
      all(marbles, (f) => (f.injector = unknown('forbidden'))),
      ['warn marbles-unknown'],
    ],
    [
      'blocks where Marbles have to be built anew',
      all(marbles, runs('v0.4.0'), goesTo('v0.5.0')),
      ['info marbles-restart', 'block marble-rebuild-needed'],
    ],
    [
      'blocks so, too, where the Marbles are not known',
      all(runs('v0.4.0'), goesTo('v0.5.0'), (f) => (f.marbles = unseen('forbidden'))),
      ['warn marbles-unknown', 'block marble-rebuild-needed'],
    ],
    ['needs no rebuild where there are no Marbles', all(runs('v0.4.0'), goesTo('v0.5.0')), []],
    [
      'warns where a bound on activations leaves enough',
      (f) => {
        all(bounded(4), restarted)(f);
      },
      ['info marbles-restart', 'warn activations-bounded'],
    ],
    [
      'blocks where a bound on activations leaves too few',
      (f) => {
        all(bounded(3), restarted)(f);
      },
      ['info marbles-restart', 'block activations-bounded'],
    ],
    ['does not care for the bound where none restarts', all(bounded(2), marbles), []],
    ['warns about an injector that is down', all(marbles, injector(true, 0)), ['warn injector-down']],
    [
      'blocks a restart of Marbles that the injector would have to let through',
      all(restarted, injector(true, 0)),
      ['info marbles-restart', 'block injector-down'],
    ],
    [
      'warns where restarted Marbles seem to need an injector that is not there',
      all(restarted, injector(false, 0)),
      ['info marbles-restart', 'warn injector-down'],
    ],
    [
      'waits with an injector that this upgrade brings until the rollout',
      all(restarted, injector(false, 0), (f) => (f.settings.values.marbleInjector = { start: true })),
      ['info marbles-restart'],
    ],
    [
      'needs no injector where templates say where the Coordinator is',
      all(restarted, injector(false, 0), (f) => {
        f.marbles = found(workload('web', (w) => (w.injected = false)));
      }),
      ['info marbles-restart'],
    ],
    ['finds nothing wrong with an injector that runs', all(marbles, injector(true, 1)), []],
  ]);

  it('names the workloads with their reason, and counts what is beyond ten', () => {
    const many = Array.from({ length: 12 }, (_, index) => workload(`web-${index}`));
    const [finding] = checkMarbles(facts(all(restarted, (f) => (f.marbles = found(...many)))));
    expect(finding?.message).to.match(/^12 workloads will be restarted/);
    expect(finding?.message).to.contain('deployment/web-0 in shop: it started under other conditions');
    expect(finding?.message).to.match(/deployment\/web-9 in shop: [^;]+; and 2 more\.$/);
  });

  it('tells how many activations are left at most', () => {
    const findings = checkMarbles(facts(all(bounded(3), restarted)));
    expect(findings[1]?.message).to.equal(
      'The Manifest allows 3 activations, of which at most 1 are left, and the restart needs 2. Its pods could not start again.',
    );
  });
});
