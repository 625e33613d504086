import { expect } from 'chai';
import { advertise } from '../lab/resources.ts';
import { begun, succeeded } from './begun.ts';
import { giveManifest, meshFacts, type MeshFacts } from './mesh-facts.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

const coordinatorName = 'marblerun-coordinator';
const anchorName = 'marblerun-coordinator-anchor';
const coordinator = 'edgeless.systems/control-plane-component=coordinator';
const anchor = 'edgeless.systems/control-plane-component=coordinator-anchor';

describe('the placement group', function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;
  let initial: MeshFacts;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    ({ initial } = await begun(release, release.install({}, '--wait')));
  });
  afterwards(() => release.remove());

  const cases: { title: string; restarted?: string; deleted: string }[] = [
    { title: 'the anchor goes while the Coordinator restarts', restarted: coordinatorName, deleted: anchor },
    { title: 'the Coordinator goes while the anchor restarts', restarted: anchorName, deleted: coordinator },
    { title: 'both go at once', deleted: `edgeless.systems/control-plane-component` },
  ];
  for (const { title, restarted, deleted } of cases) {
    it(`keeps the node when ${title}`, async () => {
      if (restarted !== undefined) await release.kubectl('rollout', 'restart', `deployment/${restarted}`);
      await release.kubectl('delete', 'pods', '-l', deleted, '--wait=false');
      for (const each of [coordinatorName, anchorName]) {
        await release.kubectl('rollout', 'status', `deployment/${each}`, '--timeout=90s');
      }
      expect(await meshFacts(release)).to.deep.equal(initial);
      const pods = await release.pods(anchor);
      const nodes = pods
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        .map(({ spec }) => spec.nodeName);
      expect(nodes).to.deep.equal([initial.node]);
    });
  }
});

describe('a Coordinator with a RuntimeClass', function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;
  const classes = { small: '64Mi', huge: '4Ti' };
  const nameOf = (size: keyof typeof classes): string => `${release.namespace}-${size}`;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    for (const [size, memory] of Object.entries(classes)) {
      await lab().apply({
        apiVersion: 'node.k8s.io/v1',
        kind: 'RuntimeClass',
        metadata: { name: nameOf(size as keyof typeof classes) },
        handler: 'runc',
        overhead: { podFixed: { memory } },
      });
    }
    await succeeded(release.install({ 'coordinator.runtimeClassName': nameOf('small') }, '--wait'));
  });
  afterwards(async () => {
    await release.remove();
    await lab().kubectl('delete', 'runtimeclass', nameOf('small'), nameOf('huge'));
  });

  it('is upgraded in place where its node has room for the overhead', async () => {
    const node = await release.coordinatorNode();
    const all = await succeeded(
      release.upgrade(
        { 'coordinator.runtimeClassName': nameOf('small'), 'coordinator.debugLogging': 'true' },
        '--wait',
      ),
    );
    expect(all).not.to.contain('placement-unknown');
    const { spec } = await release.coordinatorPod();
    expect(spec).to.deep.include({ nodeName: node, overhead: { memory: classes.small } });
  });

  it('is refused the upgrade where the overhead does not fit on its node, before anything changes', async () => {
    const { metadata } = await release.coordinatorPod();
    const { exitCode, all } = await release.upgrade({ 'coordinator.runtimeClassName': nameOf('huge') });
    expect(exitCode).not.to.equal(0);
    expect(all).to.contain('Insufficient memory (NodeResourcesFit');
    expect((await release.coordinatorPod()).metadata.uid).to.equal(metadata.uid);
  });

  it('is refused the upgrade to a RuntimeClass that is not there', async () => {
    const { exitCode, all } = await release.upgrade({ 'coordinator.runtimeClassName': 'nobody-has-it' });
    expect(exitCode).not.to.equal(0);
    expect(all).to.contain(
      'coordinator.runtimeClassName is nobody-has-it, but there is no such RuntimeClass',
    );
  });
});

describe('a Coordinator that asks for SGX, which one node has, with room for one pod', function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;

  before(async () => {
    const room = {
      'sgx.intel.com/epc': '10Mi',
      'sgx.intel.com/enclave': '1',
      'sgx.intel.com/provision': '1',
    };
    await advertise(lab(), 'node-b', room);
    release = await Release.prepare(lab(), 4, { enclaves: 'sgx' });
  });
  afterwards(() => release.remove());

  it('is installed on the only node that has it', async () => {
    await succeeded(release.install({}, '--wait'));
    expect(await release.coordinatorNode()).to.equal('node-b');
  });

  it('is upgraded there', async () => {
    await giveManifest(release);
    const initial = await meshFacts(release);
    const { exitCode, all } = await release.upgrade({ 'coordinator.debugLogging': 'true' }, '--wait');
    expect(exitCode, all).to.equal(0);
    expect(await meshFacts(release)).to.deep.equal(initial);
  });
});
