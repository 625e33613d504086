import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { succeeded } from '../cluster/begun.ts';
import { giveManifest, marblePods, meshFacts, startMarbles, type MeshFacts } from '../cluster/mesh-facts.ts';
import { applyUpstreamShaped, folderOf, moveAsDocumented } from '../cluster/moving.ts';
import { Release } from '../cluster/release.ts';
import { afterwards, useLab } from '../cluster/shared-lab.ts';

for (const helmVersion of [4, 3] as const) {
  describe(`A Coordinator that kubectl applied, moved as documented with Helm ${helmVersion}`, function () {
    this.timeout('5m');
    const lab = useLab();
    let release: Release;
    let initial: MeshFacts;
    let marbles: string[];

    const isUntouched = async (): Promise<void> => {
      expect(await meshFacts(release)).to.deep.equal(initial);
      expect(await marblePods(release)).to.deep.equal(marbles);
    };

    before(async () => {
      release = await Release.prepare(lab(), helmVersion, { name: 'marblerun', backups: true });
      const folder = await folderOf(release);
      await copyFile(release.values, join(folder, 'values.yaml'));
      await applyUpstreamShaped(release, folder);
      await giveManifest(release);
      await startMarbles(release, 'web');
      initial = await meshFacts(release);
      marbles = await marblePods(release);
      expect(initial.state).to.equal(3);
    });
    afterwards(() => release.remove());

    it('is taken over on its node, with its state, and then upgraded like any other', async () => {
      const output = await moveAsDocumented(release, 'From `kubectl apply`');
      expect(output).to.contain('node-held').and.to.contain('strategy-switched');
      expect((await release.deployment()).spec.strategy).to.deep.equal({ type: 'Recreate' });
      await isUntouched();
      const all = await succeeded(release.upgrade({ 'coordinator.debugLogging': 'true' }));
      expect(all).not.to.contain('node-held').and.not.to.contain('fields-owned-by-others');
      await isUntouched();
    });

    it('goes back to a chart in the shape of upstream’s, and leaves nothing of this one', async () => {
      const claim = await release.kubectl(
        'get',
        'pvc/coordinator-pv-claim',
        '-o',
        'jsonpath={.metadata.uid}',
      );
      await moveAsDocumented(release, 'Back again');
      await isUntouched();
      expect(
        await release.kubectl('get', 'pvc/coordinator-pv-claim', '-o', 'jsonpath={.metadata.uid}'),
      ).to.equal(claim);
      expect((await release.deployment()).spec.strategy?.type).to.equal('RollingUpdate');
      expect(await leftOver(release)).to.deep.equal([]);
    });

    it('comes in again, in place', async () => {
      const output = await moveAsDocumented(release, 'In place');
      expect(output).to.contain('node-held').and.not.to.contain('setting-lost');
      await isUntouched();
    });
  });
}

/** What carries a name of this chart that upstream's does not have, in the namespace and in the cluster. */
async function leftOver(release: Release): Promise<string[]> {
  const kinds = 'deployments,jobs,cronjobs,pods,configmaps,secrets,serviceaccounts,roles,rolebindings';
  const own = await release.kubectl('get', kinds, '-o', 'name');
  const cluster = await release.lab.kubectl('get', 'clusterroles,clusterrolebindings', '-o', 'name');
  const names = [
    ...own
      .split('\n')
      .filter((name) => /marblerun-coordinator-(anchor|preflight|rollout|backup|record|roll|pin)/.test(name)),
    ...cluster.split('\n').filter((name) => name.endsWith(`-${release.namespace}`)),
  ];
  return names;
}
