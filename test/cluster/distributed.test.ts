import { expect } from 'chai';
import type { Pod } from '../../hooks/core/objects.ts';
import { recover } from '../lab/mesh.ts';
import { until } from '../lab/progress.ts';
import { documentedCommands, runDocumented } from './documented-commands.ts';
import { watchPods, type PodWatch } from './backups.ts';
import { failed, succeeded } from './begun.ts';
import {
  giveManifest,
  marblePods,
  sharedFacts,
  startMarbles,
  type MeshFacts,
  type SetManifest,
} from './mesh-facts.ts';
import { Release, two } from './release.ts';
import { fill, hosts } from './room.ts';
import { afterwards, useLab } from './shared-lab.ts';

/** Every test run has time for one upgrade; ROUNDS asks for more. */
const rounds = Number(process.env.ROUNDS ?? 1);

describe(`two Coordinators that share a state, with ${rounds} ${rounds === 1 ? 'upgrade' : 'upgrades'}`, function () {
  this.timeout('5m');
  const lab = useLab();
  let release: Release;
  let manifest: SetManifest;
  let initial: Omit<MeshFacts, 'node'>;
  let marbles: string[];
  let pods: PodWatch;

  before(async () => {
    release = await Release.prepare(lab(), 4, { enclaves: 'simulated' });
  });
  afterwards(async () => {
    await pods.stop();
    await release.remove();
  });

  it('start on two hosts, and take a Manifest together', async () => {
    await succeeded(release.install(two, '--wait'));
    manifest = await giveManifest(release);
    await until(
      async () => (await sharedFacts(release).catch(() => undefined))?.facts.state === 3,
      60,
      async () => new Error(JSON.stringify(await sharedFacts(release))),
    );
    const { facts, nodes } = await sharedFacts(release);
    initial = facts;
    expect(nodes).to.deep.equal(hosts);
    await release.kubectl('get', 'secret/marblerun-state', 'configmap/marblerun-sealed-kek');
    await startMarbles(release, 'web');
    marbles = await marblePods(release);
    pods = await watchPods(release);
    // The anchor draws Coordinators to its host, and so does free room.
    const [anchor] = await release.pods('edgeless.systems/control-plane-component=coordinator-anchor');
    await fill(release, hosts.find((host) => host !== anchor?.spec.nodeName) ?? '');
  });

  for (let round = 1; round <= rounds; round++) {
    const debug = String(round % 2 === 1);
    it(`keep the state, the Marbles and the two hosts, round ${round}`, async () => {
      const before = (await release.coordinatorPods()).map(({ metadata }) => metadata.uid);
      const all = await succeeded(release.upgrade({ ...two, 'coordinator.debugLogging': debug }));
      expect(all).to.contain('hand on the key');
      const { facts, nodes } = await sharedFacts(release);
      expect(facts).to.deep.equal(initial);
      expect(nodes).to.deep.equal(hosts);
      const after = (await release.coordinatorPods()).map(({ metadata }) => metadata.uid);
      expect(after).to.have.lengthOf(2).and.not.to.include.members(before);
      expect(await marblePods(release)).to.deep.equal(marbles);
    });
  }

  it('were never all down', async () => {
    const fewest = fewestReady(await pods.pods());
    expect(fewest.events).to.be.at.least(4 * rounds);
    expect(fewest.ready).to.equal(1);
  });

  it('are not given up for a volume, or for other keys, unless that is acknowledged', async () => {
    const standalone = await release.upgrade({ 'coordinator.debugLogging': 'true' });
    expect(standalone.exitCode).not.to.equal(0);
    expect(standalone.all).to.contain('another-store').and.to.contain('coordinator.distributedDeployment');
    const keys = await release.upgrade({ ...two, 'coordinator.kekConfigMap': 'other-keys' });
    expect(keys.exitCode).not.to.equal(0);
    expect(keys.all).to.contain('another-store').and.to.contain('configmap/marblerun-sealed-kek');
    expect((await sharedFacts(release)).facts).to.deep.equal(initial);
  });

  it('are brought back from a copy by the documented commands', async () => {
    const [save = '', bringBack = ''] = await documentedCommands(
      'docs/distributed.md',
      'Keep a copy',
      release,
    );
    await runDocumented(release, save);
    await release.kubectl('delete', 'secret/marblerun-state', 'configmap/marblerun-sealed-kek');
    await runDocumented(release, bringBack);
    await succeeded(release.upgrade(two, '--force-conflicts'));
    expect((await sharedFacts(release)).facts).to.deep.equal(initial);
  });

  it('need recovery when no pod has a key any more, and the rollout says so', async () => {
    await release.kubectl('scale', 'deployment/marblerun-coordinator', '--replicas=0');
    await release.kubectl('wait', '--for=delete', 'pod', '--timeout=60s', '-l', component);
    await release.kubectl('delete', 'configmap/marblerun-sealed-kek');
    const all = await failed(release.upgrade(two, '--force-conflicts'));
    expect(all)
      .to.contain('no Coordinator runs that could hand on its key')
      .and.to.contain('recovery-needed');
    expect((await sharedFacts(release)).facts.state).to.equal(1);
    expect(await marblePods(release)).to.deep.equal(marbles);
  });

  it('are recovered at one pod, and the rollout waits until the other has the key from it', async () => {
    const [pod] = await release.coordinatorPods();
    expect(await recover(lab(), pod?.status?.podIP ?? '', manifest)).to.equal(0);
    await succeeded(release.upgrade({ ...two, 'coordinator.debugLogging': 'true' }));
    expect((await sharedFacts(release)).facts).to.deep.equal(initial);
    expect(await marblePods(release)).to.deep.equal(marbles);
  });
});

const component = 'edgeless.systems/control-plane-component=coordinator';

/** The fewest pods of the Coordinator that were ready at once, and the number of changes that were seen. */
function fewestReady(changes: readonly Pod[]): { ready: number; events: number } {
  const ready = new Map<string, boolean>();
  const own = changes.filter(
    ({ metadata }) => metadata.labels?.['edgeless.systems/control-plane-component'] === 'coordinator',
  );
  let fewest = Infinity;
  for (const { metadata, status } of own) {
    const isReady = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
    ready.set(metadata.uid ?? '', isReady === true && metadata.deletionTimestamp === undefined);
    const count = [...ready.values()].filter(Boolean).length;
    // The watch begins with one pod after the other.
    if (ready.size > 1) fewest = Math.min(fewest, count);
  }
  return { ready: fewest, events: own.length };
}
