import { expect } from 'chai';
import { checkRights } from '../../../../hooks/core/checks/rights.ts';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { planPreflight } from '../../../../hooks/core/preflight-plan.ts';
import { preflightFindings } from '../../../../hooks/core/preflight.ts';
import { rightsFor, rightsToAskFor, type Right } from '../../../../hooks/core/rights.ts';
import { facts, pod, settings, type Change } from '../../builders.ts';
import { all } from '../../changes.ts';
import { cases } from './cases.ts';

const createPods: Right = { verb: 'create', group: '', resource: 'pods' };
const without =
  (...rights: Right[]): Change<PreflightFacts> =>
  (f) => {
    f.missingRights = known(rights);
  };
/** No anchor yet, so that a pin pod has to hold the node. */
const noAnchor: Change<PreflightFacts> = (f) => (f.group = [pod()]);

describe('checkRights', () => {
  cases(checkRights, [
    ['finds nothing where no right is missing', noAnchor, []],
    ['does not care for a right that nothing needs this time', without(createPods), []],
    ['blocks where an act would be refused', all(noAnchor, without(createPods)), ['block rights-missing']],
    [
      'warns where only an Event would be missing',
      without({ verb: 'create', group: '', resource: 'events' }),
      ['warn rights-missing'],
    ],
    [
      'warns where it cannot be asked',
      (f) => (f.missingRights = unknown('selfsubjectaccessreviews is forbidden')),
      ['warn rights-missing'],
    ],
  ]);

  it('names the right and what it is for', () => {
    const [finding] = checkRights(facts(all(noAnchor, without(createPods))));
    expect(finding?.message).to.equal(
      'Preflight may not create pods in marblerun, and needs it to hold the node for a Coordinator that has no anchor yet.',
    );
  });

  it('leaves the act out once that is acknowledged', () => {
    const given = facts(all(noAnchor, without(createPods)));
    const token = checkRights(given)[0]?.token ?? '';
    given.settings.hooks.acknowledge = [token];
    expect(preflightFindings(given).find(({ code }) => code === 'rights-missing')?.acknowledged).to.equal(
      true,
    );
    expect(planPreflight(given).map(({ kind }) => kind)).to.not.include('hold-node');
  });
});

describe('rightsToAskFor', () => {
  it('asks for each right once', () => {
    const rights = rightsToAskFor(settings()).map((right) => JSON.stringify(right));
    expect(rights).to.have.length(new Set(rights).size);
  });

  it('knows the patch of the Deployment by name', () => {
    expect(rightsFor('switch-strategy', settings())).to.deep.equal([
      { verb: 'patch', group: 'apps', resource: 'deployments', name: 'marblerun-coordinator' },
    ]);
  });
});
