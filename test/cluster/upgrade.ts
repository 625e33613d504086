import { expect } from 'chai';
import { begun } from './begun.ts';
import { marblePods, meshFacts, type MeshFacts } from './mesh-facts.ts';
import { Release, type HelmVersion } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

/** Upgrades back and forth between two versions and expects nothing but the image to change. */
export function describeUpgrades(helmVersion: HelmVersion, times: number): void {
  describe(`${times} upgrades between v1.8.0 and v1.9.1 with Helm ${helmVersion}`, function () {
    this.timeout('3m');
    const lab = useLab();
    let release: Release;
    let initial: MeshFacts;
    let marbles: string[];

    before(async () => {
      release = await Release.prepare(lab(), helmVersion, { enclaves: 'simulated', backups: true });
      ({ initial, marbles } = await begun(
        release,
        release.install({ 'coordinator.version': 'v1.8.0' }),
        'web',
        'store',
      ));
      expect(initial.state).to.equal(3);
    });
    afterwards(() => release.remove());

    for (let round = 1; round <= times; round++) {
      const version = round % 2 === 1 ? 'v1.9.1' : 'v1.8.0';
      it(`keep the node, the state and the Marbles, round ${round} to ${version}`, async () => {
        const settings = { 'coordinator.coordinatorImageVersion': version };
        const { exitCode, all } = await release.upgrade(settings);
        expect(exitCode, all).to.equal(0);
        expect(all).not.to.contain('setting-lost');
        const image = `docker.io/local/coordinator:${version}`;
        expect(await meshFacts(release)).to.deep.equal({ ...initial, image });
        expect(await marblePods(release)).to.deep.equal(marbles);
      });
    }

    it('are undone by helm rollback, with the same care', async () => {
      const upgraded = await release.upgrade({ 'coordinator.version': 'v1.9.1' });
      expect(upgraded.exitCode, upgraded.all).to.equal(0);
      const rolledBack = await lab().helm(helmVersion, ['rollback', release.name, '-n', release.namespace]);
      expect(rolledBack.exitCode, rolledBack.all).to.equal(0);
      expect(await meshFacts(release)).to.deep.equal(initial);
      expect(await marblePods(release)).to.deep.equal(marbles);
    });

    it('restart the Marbles once when rollout.nonce asks for it, and not again', async () => {
      const asked = await release.upgrade({
        'coordinator.version': 'v1.8.0',
        'rollout.nonce': 'one',
      });
      expect(asked.exitCode, asked.all).to.equal(0);
      const restarted = await marblePods(release);
      expect(restarted).to.have.lengthOf(2).and.not.to.have.members(marbles);
      const again = await release.upgrade({ 'coordinator.version': 'v1.8.0', 'rollout.nonce': 'one' });
      expect(again.exitCode, again.all).to.equal(0);
      expect(await marblePods(release)).to.deep.equal(restarted);
    });
  });
}
