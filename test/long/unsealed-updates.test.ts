import { expect } from 'chai';
import { succeeded } from '../cluster/begun.ts';
import { giveManifest, meshFacts } from '../cluster/mesh-facts.ts';
import { Release } from '../cluster/release.ts';
import { afterwards, useLab } from '../cluster/shared-lab.ts';
import { askCoordinator, makeUser, updateManifest } from '../lab/mesh.ts';

const alice = makeUser('alice');
const users = {
  Users: { alice: { Certificate: alice.certificate, Roles: ['updater'] } },
  Roles: {
    updater: { ResourceType: 'Packages', ResourceNames: ['marble'], Actions: ['UpdateSecurityVersion'] },
  },
};

describe('A Coordinator v1.5.0 that does not seal updates after its first restart', function () {
  this.timeout('6m');
  const lab = useLab();
  let release: Release;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    await succeeded(release.install({ 'coordinator.version': 'v1.5.0' }));
    await giveManifest(release, users);
    await restart();
    const update = { Packages: { marble: { SecurityVersion: 2 } } };
    await updateManifest(lab(), await address(), update, alice);
  });
  afterwards(() => release.remove());

  async function restart(): Promise<void> {
    await release.kubectl('rollout', 'restart', 'deployment/marblerun-coordinator');
    await release.kubectl('rollout', 'status', 'deployment/marblerun-coordinator', '--timeout=90s');
    expect(await meshFacts(release)).to.include({ state: 3 });
  }

  async function address(): Promise<string> {
    return (await release.coordinatorPod()).status?.podIP ?? '';
  }

  async function log(): Promise<string> {
    const { data } = await askCoordinator(lab(), await address(), '/api/v2/update');
    return (data as { updateLog: string[] }).updateLog.join('\n');
  }

  it('is found before the upgrade, with what would be lost', async () => {
    const { exitCode, all } = await release.upgrade();
    expect(exitCode, all).to.not.equal(0);
    expect(all).to.contain('BLOCK updates-not-sealed');
    expect(all).to.match(
      /the upgrade loses it: SecurityVersion increased, user alice, package marble, new version 2/,
    );
    expect(all).to.contain('BLOCK seal-format-changed');
    expect(await log()).to.contain('SecurityVersion increased');
  });

  it('is real: the update is gone after a restart', async () => {
    await restart();
    expect(await log())
      .to.contain('Initial manifest set')
      .and.not.to.contain('SecurityVersion increased');
  });
});
