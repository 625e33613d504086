import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { volumeOf } from './backups.ts';
import { withEnvironment } from './environment.ts';
import { failed, succeeded } from './begun.ts';
import { marblePods, meshFacts, startMarbles, type MeshFacts } from './mesh-facts.ts';
import type { Party } from './printed-commands.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';
import { recoverByHand } from './recover-run.ts';
import { describeRecovery, giveParties, simulation } from './recovery-wait.ts';

const only = 'the recovery secret of its only party is missing';

describeRecovery({ version: 'v1.5.0', parties: ['owner'], missing: [only] });
describeRecovery({ version: 'v1.8.0', parties: ['owner'], missing: [only] });
// All of three parties in test/long.
describeRecovery({
  version: 'v1.9.1',
  parties: ['alice', 'bob', 'carol'],
  threshold: 2,
  missing: ['2 of 3 parties are needed, 2 are missing', '2 of 3 parties are needed, 1 is missing'],
});

describe('an upgrade that fails because its Coordinator needs recovery, with Helm’s releases in ConfigMaps', function () {
  this.timeout('5m');
  const lab = useLab();
  let release: Release;
  let owner: Party | undefined;
  let initial: MeshFacts;
  let marbles: string[];
  const again = { ...simulation, 'coordinator.debugLogging': 'true', 'rollout.nonce': 'recovered by hand' };

  before(async () => {
    release = await Release.prepare(withEnvironment(lab(), { HELM_DRIVER: 'configmap' }), 4);
    await succeeded(release.install(simulation));
    [owner] = await giveParties(release, ['owner']);
    await startMarbles(release, 'web');
    initial = await meshFacts(release);
    marbles = await marblePods(release);
    await rm(join(volumeOf(release), 'sealed_key'));
    const all = await failed(release.upgrade(again));
    expect(all).to.contain('BLOCK recovery-needed').and.to.contain('marblerun-hooks recover');
  });
  afterwards(() => release.remove());

  it('is given no secret as long as it cannot be attested', async () => {
    if (owner === undefined) throw new Error('nobody has a recovery secret');
    const { exitCode, all } = await recoverByHand(release, owner);
    expect(exitCode, all).to.equal(1);
    expect(all).to.contain('BLOCK coordinator-not-attested').and.to.contain('sent no quote');
    expect(await meshFacts(release)).to.include({ state: 1 });
  });

  it('is recovered and gone on with by one command, which restarts the Marbles', async () => {
    if (owner === undefined) throw new Error('nobody has a recovery secret');
    const all = await succeeded(recoverByHand(release, owner, '--insecure', '--continue'));
    expect(all)
      .to.contain('Recovered: the Coordinator accepts Marbles')
      .and.to.contain('Rollback was a success');
    expect(await meshFacts(release)).to.deep.equal(initial);
    expect(await marblePods(release))
      .to.have.lengthOf(1)
      .and.not.to.include.members(marbles);
    const history = await release.lab.helm(4, ['history', release.name, '-n', release.namespace]);
    expect(history.all).to.match(/^3\s.*\sdeployed\s/m);
  });
});

describe('a rollout that finds an empty volume', function () {
  this.timeout('3m');
  const lab = useLab();
  let release: Release;
  let marbles: string[];

  before(async () => {
    release = await Release.prepare(lab(), 4);
    await succeeded(release.install());
    await giveParties(release, ['owner']);
    await startMarbles(release, 'web');
    marbles = await marblePods(release);
  });
  afterwards(() => release.remove());

  it('says that the state is lost, waits for nothing, and restarts no Marble', async () => {
    for (const file of ['sealed_data', 'sealed_key']) await rm(join(volumeOf(release), file));
    const settings = { 'coordinator.debugLogging': 'true', 'recovery.mode': 'wait', 'rollout.nonce': 'lost' };
    const all = await failed(release.upgrade(settings));
    expect(all).to.contain('BLOCK state-lost').and.to.contain('it started with an empty store');
    expect(await meshFacts(release)).to.include({ state: 2 });
    expect(await marblePods(release)).to.deep.equal(marbles);
  });
});
