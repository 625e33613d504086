import { expect } from 'chai';
import { checkSealing } from '../../../../hooks/core/checks/sealing.ts';
import { known, unknown } from '../../../../hooks/core/known.ts';
import { facts, record } from '../../builders.ts';
import { all, goesTo, inSimulation, runs, withManifest } from '../../changes.ts';
import { cases } from './cases.ts';
import { sharing } from '../../several.ts';

const uniqueKey = withManifest((manifest) => (manifest.sealMode = 'UniqueKey'));

describe('checkSealing', () => {
  cases(checkSealing, [
    ['finds nothing in an upgrade from v1.8.0 to v1.9.1', () => undefined, []],
    ['finds nothing on a first install', (f) => (f.live = undefined), []],
    [
      'blocks a downgrade below the SecurityVersion that sealed the state',
      all(runs('v1.9.1'), goesTo('v1.8.0')),
      ['block security-version-downgrade'],
    ],
    ['lets a downgrade within the same SecurityVersion pass', all(runs('v1.8.0'), goesTo('v1.7.0')), []],
    [
      'lets a downgrade pass in simulation, where the SecurityVersion does not bind',
      all(runs('v1.9.1'), goesTo('v1.8.0'), inSimulation),
      [],
    ],
    [
      'lets a downgrade pass while nothing is sealed',
      all(runs('v1.9.1'), goesTo('v1.8.0'), (f) => (f.coordinator = known({ state: 2 }))),
      [],
    ],
    [
      'blocks a downgrade of a Coordinator that does not answer',
      all(runs('v1.9.1'), goesTo('v1.8.0'), (f) => {
        f.coordinator = unknown('no answer');
        f.record = known(record((r) => (r.coordinator.version = 'v1.9.1')));
      }),
      ['block security-version-downgrade'],
    ],
    [
      'lets a return to the version that sealed the state pass, when another was put in its place',
      all(runs('v1.8.0'), goesTo('v1.9.1'), (f) => {
        f.coordinator = known({ state: 1 });
        f.record = known(record((r) => (r.coordinator.version = 'v1.9.1')));
      }),
      [],
    ],
    [
      'blocks a step over the boundary of the seal format',
      all(runs('v1.6.0'), goesTo('v1.9.1')),
      ['block seal-format-changed'],
    ],
    [
      'blocks that step in simulation, too',
      all(runs('v1.5.2'), goesTo('v1.7.0'), inSimulation),
      ['block seal-format-changed'],
    ],
    [
      'finds both faults of the way back',
      all(runs('v1.7.0'), goesTo('v1.6.0')),
      ['block security-version-downgrade', 'block seal-format-changed'],
    ],
    [
      'blocks a step over a boundary of the state format',
      all(runs('v0.3.2'), goesTo('v0.4.0')),
      ['block state-format-changed'],
    ],
    [
      'blocks the way from today to v0.2.0',
      all(runs('v1.9.1'), goesTo('v0.2.0')),
      ['block security-version-downgrade', 'block state-format-changed'],
    ],
    [
      'blocks a switch to simulation',
      (f) => (f.settings.coordinator.simulation = true),
      ['block simulation-switched'],
    ],
    [
      'blocks a switch from simulation',
      all(inSimulation, (f) => (f.settings.coordinator.simulation = false)),
      ['block simulation-switched'],
    ],
    ['blocks a new image where only the old one can unseal', uniqueKey, ['block sealed-to-image']],
    ['lets the same image pass there', all(uniqueKey, goesTo('v1.8.0')), []],
    ['lets a new image pass there in simulation', all(uniqueKey, inSimulation), []],
    [
      'blocks when nothing is sealed at all',
      withManifest((manifest) => (manifest.sealMode = 'Disabled')),
      ['block state-not-sealed'],
    ],
    [
      'takes that for a seal to the image where the state is shared, and blocks another one',
      all(
        withManifest((manifest) => (manifest.sealMode = 'Disabled')),
        (f) => (f.live = sharing()),
      ),
      ['block sealed-to-image'],
    ],
    [
      'lets the same image pass there, too',
      all(
        withManifest((manifest) => (manifest.sealMode = 'Disabled')),
        (f) => (f.live = sharing()),
        goesTo('v1.8.0'),
      ),
      [],
    ],
  ]);

  it('tells both versions and SecurityVersions, and gives a token for this step only', () => {
    const [finding] = checkSealing(facts(all(runs('v1.9.1'), goesTo('v1.8.0'))));
    expect(finding?.message).to.contain('v1.8.0 has SecurityVersion 2, and v1.9.1');
    expect(finding?.message).to.contain('needs a manual recovery');
    expect(finding?.token).to.match(/^security-version-downgrade:[0-9a-f]{8}$/);
    const [other] = checkSealing(facts(all(runs('v1.9.1'), goesTo('v1.7.0'))));
    expect(other?.token).to.not.equal(finding?.token);
  });

  it('names the version at which the format changed, whichever way it is crossed', () => {
    for (const [from, to] of [
      ['v1.6.0', 'v1.9.1'],
      ['v1.8.0', 'v1.5.0'],
    ] as const) {
      const found = checkSealing(facts(all(runs(from), goesTo(to), inSimulation)));
      expect(found.map(({ message }) => message).join()).to.contain('from v1.7.0 on');
    }
  });
});
