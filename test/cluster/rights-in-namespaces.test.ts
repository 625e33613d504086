import { expect } from 'chai';
import { userOf } from '../audit/rights.ts';
import { takesRightsAway } from './fewer-rights.ts';
import { restarts, startFleet } from './fleet.ts';
import { succeeded } from './begun.ts';
import { giveManifest, meshFacts } from './mesh-facts.ts';
import { Release, type Settings } from './release.ts';
import { rolloutName, upgraded } from './roll-in-progress.ts';
import { afterwards, useLab } from './shared-lab.ts';

const rollName = 'marblerun-coordinator-roll';

describe('hooks with rights in the namespaces of the Marbles alone', function () {
  this.timeout('3m');
  const lab = useLab();
  let release: Release;
  /** A second namespace with a Marble. */
  let shop: string;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    shop = `${release.namespace}-shop`;
    takesRightsAway(release.namespace);
    await lab().kubectl('create', 'namespace', shop);
    await succeeded(release.install());
    await giveManifest(release);
    await startFleet(release, { name: 'web' }, { name: 'store', namespace: shop });
  });
  afterwards(async () => {
    await release.remove();
    await lab().kubectl('delete', 'namespace', shop);
  });

  const settings = (): Settings => ({
    'rbac.scope': 'namespaces',
    'rollout.namespaces[0]': release.namespace,
    'rollout.namespaces[1]': shop,
  });

  /** Who has changed the Marble in the second namespace. */
  async function changersInShop(): Promise<string[]> {
    const requests = await lab().audit();
    const changes = requests.filter(
      ({ verb, object, code }) =>
        verb === 'patch' && object?.resource === 'deployments' && object.namespace === shop && code === 200,
    );
    return [...new Set(changes.map(({ user }) => user))].filter((user) =>
      user.includes('marblerun-coordinator-'),
    );
  }

  it('restart the Marbles in each of them, and say that the placement is not known', async () => {
    const before = await meshFacts(release);
    const { exitCode, said } = await upgraded(release, { ...settings(), 'rollout.nonce': 'namespaces' });
    expect(exitCode, said).to.equal(0);
    expect(said).to.contain('WARN placement-unknown').and.to.contain('2 found, 2 restarted');
    expect(await restarts(release)).to.deep.equal({ web: 1 });
    expect(await restarts(release, shop)).to.deep.equal({ store: 1 });
    expect(await changersInShop()).to.deep.equal([
      userOf({ name: rolloutName, namespace: release.namespace }),
    ]);
    expect(await meshFacts(release)).to.deep.equal(before);
    const clusterWide = await lab().kubectl('get', 'clusterroles,clusterrolebindings', '-o', 'name');
    expect(clusterWide).not.to.contain(release.namespace);
  });

  it('restart them from a Job as well, with Roles of its own', async () => {
    const detached = { ...settings(), 'rollout.nonce': 'detached', 'rollout.detach': 'true' };
    const { exitCode, said } = await upgraded(release, detached);
    expect(exitCode, said).to.equal(0);
    await release.kubectl('wait', `job/${rollName}`, '--for=condition=complete', '--timeout=90s');
    expect(await restarts(release)).to.deep.equal({ web: 2 });
    expect(await restarts(release, shop)).to.deep.equal({ store: 2 });
    expect(await changersInShop()).to.include(userOf({ name: rollName, namespace: release.namespace }));
    const roles = await lab().kubectl('-n', shop, 'get', 'roles', '-o', 'name');
    expect(roles).to.contain(rollName);
  });
});
