import { expect } from 'chai';
import { each, restarts, startFleet } from './fleet.ts';
import { raiseSecurityVersion, updatable } from './manifest-updates.ts';
import { succeeded } from './begun.ts';
import { giveManifest, meshFacts } from './mesh-facts.ts';
import { Release, type Settings } from './release.ts';
import { upgraded } from './roll-in-progress.ts';
import { afterwards, useLab } from './shared-lab.ts';

const names = ['store', 'web'];

describe('which Marbles an upgrade restarts', function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    await succeeded(release.install({ 'coordinator.version': 'v1.8.0' }));
    await giveManifest(release, updatable);
    await startFleet(release, ...names.map((name) => ({ name })));
  });
  afterwards(() => release.remove());

  /** Upgrades, expects so many restarts of each Marble in all, and answers what was said. */
  async function restartsAfter(settings: Settings, number: number): Promise<string> {
    const { exitCode, said } = await upgraded(release, settings);
    expect(exitCode, said).to.equal(0);
    expect(await restarts(release), said).to.deep.equal(each(names, number));
    return said;
  }

  it('are none after a plain update of the Coordinator within an epoch', async () => {
    const said = await restartsAfter({ 'coordinator.version': 'v1.9.1' }, 0);
    expect((await meshFacts(release)).image).to.equal('docker.io/local/coordinator:v1.9.1');
    expect(said).to.contain('2 found, 0 restarted, 2 left running as they are');
  });

  it('are all after a Manifest update, for the intermediate certificate has changed, and once only', async () => {
    const { rootCertificate, manifestFingerprint } = await meshFacts(release);
    await raiseSecurityVersion(release, 2);
    const said = await restartsAfter({}, 1);
    expect(said).to.match(/restarted +deployment\/web in .*\(the intermediate certificate changed\)/);
    expect(await meshFacts(release)).to.include({ rootCertificate, manifestFingerprint });
    await restartsAfter({}, 1);
  });

  it('are none with never, which names each that would need it, and why', async () => {
    await raiseSecurityVersion(release, 3);
    const said = await restartsAfter({ 'rollout.restart': 'never' }, 1);
    for (const name of names) {
      const reason = 'the intermediate certificate changed, but rollout.restart is never';
      expect(said).to.match(new RegExp(`skipped +deployment/${name} in \\S+ \\(${reason}\\)`));
    }
    expect(said).to.contain('WARN marbles-left-alone');
  });

  it('are still those that never has left alone once it is no longer set', async () => {
    const said = await restartsAfter({}, 2);
    expect(said).to.contain('the intermediate certificate changed');
  });

  it('are all with always, once for each new pod of the Coordinator', async () => {
    const said = await restartsAfter({ 'rollout.restart': 'always' }, 3);
    expect(said).to.contain('rollout.restart is always and the Coordinator pod is a new one');
    await restartsAfter({ 'rollout.restart': 'always' }, 3);
    await restartsAfter({ 'rollout.restart': 'always', 'coordinator.debugLogging': 'true' }, 4);
  });

  it('are none when always is given up', async () => {
    await restartsAfter({ 'coordinator.debugLogging': 'true' }, 4);
  });
});
