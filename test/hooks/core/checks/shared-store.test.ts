import { expect } from 'chai';
import { checkStore } from '../../../../hooks/core/checks/store.ts';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import type { Deployment } from '../../../../hooks/core/objects.ts';
import { facts, type Change } from '../../builders.ts';
import { sharing } from '../../several.ts';
import { cases } from './cases.ts';

/** Coordinators that share the state in `state`, under these keys. */
function shares(keys = 'keys'): Deployment {
  return sharing(({ spec }) => {
    spec.template.spec.containers[0]?.env?.push(
      { name: 'EDG_K8S_STATE_NAME', value: 'state' },
      { name: 'EDG_K8S_KEK_MAP', value: keys },
    );
  });
}

describe('checkStore of a state that is shared', () => {
  const remedyOf = (change: Change<PreflightFacts>) => checkStore(facts(change))[0]?.remedy;

  cases(checkStore, [
    [
      'finds nothing when it stays where it is, under the same keys',
      (f) => Object.assign(f, { live: shares(), target: shares() }),
      [],
    ],
    [
      'blocks when other keys are to open it',
      (f) => Object.assign(f, { live: shares(), target: shares('other-keys') }),
      ['block another-store'],
    ],
  ]);

  it('advises to share it again, by its names, and says that none moves between a volume and a Secret', () => {
    expect(remedyOf((f) => (f.live = shares())))
      .to.contain('coordinator.stateSecretName to state and coordinator.kekConfigMap to keys')
      .and.to.contain('No state moves between a volume and a Secret');
  });

  it('advises to leave a standalone Coordinator standalone', () => {
    expect(remedyOf((f) => (f.target = shares()))).to.match(
      /^Remove coordinator.distributedDeployment. No state moves/,
    );
  });
});
