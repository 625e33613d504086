import { expect } from 'chai';
import { each, restarts, startFleet } from './fleet.ts';
import { raiseSecurityVersion, updatable } from './manifest-updates.ts';
import { succeeded } from './begun.ts';
import { giveManifest, marblePods } from './mesh-facts.ts';
import { Release } from './release.ts';
import { upgraded } from './roll-in-progress.ts';
import { afterwards, useLab } from './shared-lab.ts';
import { asks, identityInFiles, talkingMarble, welcome } from './talking.ts';

describe('Marbles that talk over mutual TLS', function () {
  this.timeout('3m');
  const lab = useLab();
  let release: Release;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    await succeeded(release.install({ 'coordinator.version': 'v1.8.0' }));
    await giveManifest(release, { ...updatable, ...identityInFiles });
    await startFleet(release, await talkingMarble(release, 'old'), await talkingMarble(release, 'peer'));
  });
  afterwards(() => release.remove());

  /** Each pair, in both directions. */
  async function expectAllTalk(...names: readonly string[]): Promise<void> {
    for (const from of names) {
      for (const to of names.filter((name) => name !== from)) {
        expect(await asks(release, from, to), `${from} asks ${to}`).to.equal(welcome);
      }
    }
  }

  it('do so with those that were activated before and after an update of the Coordinator, with no restart', async () => {
    await expectAllTalk('old', 'peer');
    const before = await marblePods(release);
    const { exitCode, said } = await upgraded(release, { 'coordinator.version': 'v1.9.1' });
    expect(exitCode, said).to.equal(0);
    await startFleet(release, await talkingMarble(release, 'young'));
    expect(await marblePods(release)).to.include.members(before);
    await expectAllTalk('old', 'peer', 'young');
  });

  it('do not so across a Manifest update, which gives new ones another root', async () => {
    await raiseSecurityVersion(release, 2);
    await release.kubectl('rollout', 'restart', 'deployment/young');
    await release.kubectl('rollout', 'status', 'deployment/young', '--timeout=60s');
    expect(await asks(release, 'young', 'old')).not.to.equal(welcome);
    expect(await asks(release, 'old', 'young')).not.to.equal(welcome);
  });

  it('do so again once the upgrade has restarted them', async () => {
    const { exitCode, said } = await upgraded(release);
    expect(exitCode, said).to.equal(0);
    expect(await restarts(release)).to.include(each(['old', 'peer'], 1));
    await expectAllTalk('old', 'peer', 'young');
  });
});
