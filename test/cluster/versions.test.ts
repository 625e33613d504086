import { expect } from 'chai';
import { buildManifest, makeUser, updateManifest } from '../lab/mesh.ts';
import { succeeded } from './begun.ts';
import { giveManifest, marblePods, meshFacts, startMarbles } from './mesh-facts.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

const alice = makeUser('alice');
const bob = makeUser('bob');
const users = {
  Users: {
    alice: { Certificate: alice.certificate, Roles: ['updater'] },
    bob: { Certificate: bob.certificate, Roles: ['updater'] },
  },
  Roles: { updater: { ResourceType: 'Manifest', Actions: ['UpdateManifest'] } },
};
/** Each start of a Marble counts, and the one that runs has used the only one. */
const marbles = {
  Marbles: {
    backend: { Package: 'marble', MaxActivations: 1, Parameters: { Argv: ['/marble', 'serve'] } },
  },
};

describe('Preflight, about versions, the Manifest and Marbles', function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    await succeeded(release.install({ 'coordinator.version': 'v1.8.0' }));
    await giveManifest(release, { ...users, ...marbles });
    await startMarbles(release, 'web');
  });
  afterwards(() => release.remove());

  /** Runs something that preflight has to refuse, and answers what was said. */
  async function refused(
    run: () => Promise<{ exitCode?: number | undefined; all?: unknown }>,
  ): Promise<string> {
    const before = [await meshFacts(release), (await release.coordinatorPod()).metadata.uid];
    const { exitCode, all } = await run();
    expect(exitCode, String(all)).to.not.equal(0);
    expect([await meshFacts(release), (await release.coordinatorPod()).metadata.uid]).to.deep.equal(before);
    return String(all);
  }

  it('lets an upgrade to a higher SecurityVersion pass, and restarts no Marble', async () => {
    const before = await marblePods(release);
    const { exitCode, all } = await release.upgrade();
    expect(exitCode, all).to.equal(0);
    expect(all).to.contain('1 running, none to be restarted');
    expect(await marblePods(release)).to.deep.equal(before);
  });

  it('refuses a rollback below the SecurityVersion that sealed the state', async () => {
    const said = await refused(() => lab().helm(4, ['rollback', release.name, '1', '-n', release.namespace]));
    expect(said).to.contain('security-version-downgrade');
    expect(said).to.contain('v1.8.0 has SecurityVersion 2, and v1.9.1, which sealed the state, has 3');
    expect(said).to.contain('WARN rollback-refused');
  });

  it('says how to end the pending state that Helm leaves, and it is so', async () => {
    const before = await meshFacts(release);
    const pending = await release.upgrade();
    expect(pending.all).to.contain('another operation (install/upgrade/rollback) is in progress');
    await succeeded(lab().helm(4, ['rollback', release.name, '2', '-n', release.namespace]));
    expect(await meshFacts(release)).to.deep.equal(before);
  });

  it('names everything that is wrong with a version in one run', async () => {
    const said = await refused(() => release.upgrade({ 'coordinator.coordinatorImageVersion': 'v0.2.0' }));
    for (const code of ['security-version-downgrade', 'state-format-changed', 'marble-rebuild-needed']) {
      expect(said).to.match(new RegExp(`BLOCK ${code}`));
      expect(said).to.match(new RegExp(`hooks.acknowledge={${code}:[0-9a-f]{8}}`));
    }
    expect(said).to.contain(`deployment/web in ${release.namespace}`);
  });

  it('refuses to restart a Marble that the Manifest does not let start again', async () => {
    const before = await marblePods(release);
    const said = await refused(() => release.upgrade({ 'rollout.nonce': 'again' }));
    expect(said).to.contain('BLOCK activations-bounded (Marble type backend)');
    expect(said).to.contain('at most 0 are left, and the restart needs 1');
    expect(await marblePods(release)).to.deep.equal(before);
  });

  it('says that a Manifest update waits, and for whom', async () => {
    const pod = await release.coordinatorPod();
    const update = buildManifest({}, { ...users, ...marbles });
    await updateManifest(lab(), pod.status?.podIP ?? '', update, alice);
    const all = await succeeded(release.upgrade());
    expect(all).to.contain('WARN manifest-update-pending');
    expect(all).to.contain('A Manifest update waits for acknowledgements by bob.');
  });
});
