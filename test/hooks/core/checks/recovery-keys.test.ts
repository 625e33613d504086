import { expect } from 'chai';
import { checkRecoveryKeys } from '../../../../hooks/core/checks/recovery-keys.ts';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { facts, node } from '../../builders.ts';
import { all, goesTo, inSimulation, runs, withManifest } from '../../changes.ts';
import { cases } from './cases.ts';

describe('checkRecoveryKeys', () => {
  const keyless = withManifest((manifest) => (manifest.recoveryKeys = []));

  cases(checkRecoveryKeys, [
    ['finds nothing when the Manifest has RecoveryKeys', () => undefined, []],
    ['finds nothing without a Manifest', (f) => (f.coordinator = known({ state: 2 })), []],
    ['finds nothing when the Coordinator does not answer', (f) => (f.coordinator = unknown('no')), []],
    ['warns when there are none and the Coordinator stays', keyless, ['warn no-recovery-keys']],
    [
      'blocks when there are none and the Coordinator moves as declared',
      (f) => {
        keyless(f);
        f.settings.placement.avoidNodes = ['sgx-1'];
      },
      ['block no-recovery-keys'],
    ],
    [
      'blocks when there are none and nothing keeps the Coordinator there',
      (f) => {
        keyless(f);
        f.settings.placement.stickiness = 'preferred';
      },
      ['block no-recovery-keys'],
    ],
    [
      'warns when there are none and the placement is unknown',
      (f) => {
        keyless(f);
        f.node = unknown('forbidden');
      },
      ['warn no-recovery-keys'],
    ],
    [
      'finds nothing in simulation, where every node has the same key',
      (f) => {
        keyless(f);
        inSimulation(f);
        f.node = known({ node: node(({ spec }) => (spec.unschedulable = true)), pods: [] });
      },
      [],
    ],
    [
      'blocks when there are none and the new version cannot unseal the state',
      all(keyless, runs('v1.9.1'), goesTo('v1.8.0')),
      ['block no-recovery-keys'],
    ],
    [
      'warns when there are several and an older version knows one only',
      all(runs('v1.8.0'), goesTo('v1.8.0')),
      ['warn recovery-keys-unusable'],
    ],
    [
      'blocks when there are several and a version that knows one only would have to recover',
      all(runs('v1.9.1'), goesTo('v1.8.0')),
      ['block recovery-keys-unusable'],
    ],
  ]);

  it('says how to get keys with the version that runs', () => {
    const remedy = (version: string) => checkRecoveryKeys(facts(all(keyless, runs(version))))[0]?.remedy;
    expect(remedy('v1.9.1')).to.match(
      /^Before you upgrade, add a RecoveryKey with `marblerun manifest update apply`/,
    );
    expect(remedy('v1.8.0')).to.match(
      /^v1.8.0 cannot add them .* Upgrade on the same node to v1.9.0 or later first/,
    );
  });
});
