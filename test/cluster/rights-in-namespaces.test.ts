import { expect } from 'chai';
import { takesRightsAway } from './fewer-rights.ts';
import { each, restarts, startFleet } from './fleet.ts';
import { giveManifest, meshFacts } from './mesh-facts.ts';
import { Release } from './release.ts';
import { upgraded } from './roll-in-progress.ts';
import { afterwards, useLab } from './shared-lab.ts';

describe('hooks with rights in the namespaces of the Marbles alone', function () {
  this.timeout('3m');
  const lab = useLab();
  let release: Release;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    takesRightsAway(release.namespace);
    const { exitCode, all } = await release.install();
    expect(exitCode, all).to.equal(0);
    await giveManifest(release);
    await startFleet(release, { name: 'web' }, { name: 'store' });
  });
  afterwards(() => release.remove());

  it('restart the Marbles there, and say that the placement is not known', async () => {
    const before = await meshFacts(release);
    const { exitCode, said } = await upgraded(release, {
      'rbac.scope': 'namespaces',
      'rollout.namespaces[0]': release.namespace,
      'rollout.nonce': 'namespaces',
    });
    expect(exitCode, said).to.equal(0);
    expect(said).to.contain('WARN placement-unknown').and.to.contain('2 found, 2 restarted');
    expect(await restarts(release)).to.deep.equal(each(['web', 'store'], 1));
    expect(await meshFacts(release)).to.deep.equal(before);
    const clusterWide = await lab().kubectl('get', 'clusterroles,clusterrolebindings', '-o', 'name');
    expect(clusterWide).not.to.contain(release.namespace);
  });
});
