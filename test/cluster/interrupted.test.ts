import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { begun } from './begun.ts';
import { marblePods, meshFacts, type MeshFacts } from './mesh-facts.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

describe('a hook whose pod is killed in mid-run', function () {
  this.timeout('5m');
  const lab = useLab();
  let release: Release;
  let initial: MeshFacts;

  before(async () => {
    release = await Release.prepare(lab(), 4, { name: 'marblerun', backups: true });
    ({ initial } = await begun(release, release.installUpstreamShaped(), 'web', 'store'));
  });
  afterwards(() => release.remove());

  /** Deletes the hook's pod as soon as its program runs; tells whether it was caught in time. */
  async function killHook(name: string): Promise<boolean> {
    for (let tries = 600; tries > 0; tries--) {
      const [pod] = await release.pods(`job-name=marblerun-coordinator-${name}`);
      if (pod?.status?.phase === 'Running') {
        await release.kubectl('delete', 'pod', pod.metadata.name, '--grace-period=0', '--force');
        return true;
      }
      await delay(50);
    }
    return false;
  }

  it('is run again by its Job: preflight with its pin pod and its strategy switch', async () => {
    const upgrade = release.upgradeUnplanned();
    expect(await killHook('preflight')).to.equal(true);
    const { exitCode, all } = await upgrade;
    expect(exitCode, all).to.equal(0);
    expect(await meshFacts(release)).to.deep.equal(initial);
  });

  it('is run again by its Job: rollout, which restarts each Marble exactly once', async () => {
    const marbles = await marblePods(release);
    const upgrade = release.upgradeUnplanned({ 'rollout.nonce': 'killed', 'rollout.maxConcurrent': '1' });
    expect(await killHook('rollout')).to.equal(true);
    const { exitCode, all } = await upgrade;
    expect(exitCode, all).to.equal(0);
    expect(await marblePods(release))
      .to.have.lengthOf(2)
      .and.not.to.include.members(marbles);
    for (const name of ['web', 'store']) {
      expect((await release.deployment(name)).metadata.generation, name).to.equal(2);
    }
    expect(await meshFacts(release)).to.deep.equal(initial);
  });
});
