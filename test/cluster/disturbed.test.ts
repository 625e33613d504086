import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { each, restarts, startFleet } from './fleet.ts';
import { succeeded } from './begun.ts';
import { giveManifest, meshFacts, type MeshFacts } from './mesh-facts.ts';
import { evict, secondRollout, untilApiServerAnswers, untilReplaced, withoutWatch } from './mishaps.ts';
import { takesRightsAway } from './fewer-rights.ts';
import { Release } from './release.ts';
import { askedRestarts, RollInProgress, type UpgradeResult } from './roll-in-progress.ts';
import { afterwards, useLab } from './shared-lab.ts';

const names = ['a', 'b', 'c', 'd'];

describe('a roll that is disturbed', function () {
  this.timeout('3m');
  const lab = useLab();
  let release: Release;
  let initial: MeshFacts;
  let rolls = 0;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    takesRightsAway(release.namespace);
    await succeeded(release.install());
    await giveManifest(release);
    await startFleet(release, ...names.map((name) => ({ name, spec: { minReadySeconds: 1 } })));
    initial = await meshFacts(release);
  });
  afterwards(() => release.remove());

  /** Begins a roll of one Marble after the other, or of so many at a time, and waits until it is in its middle. */
  async function inMidRoll(maxConcurrent = 1): Promise<RollInProgress> {
    rolls += 1;
    const settings = { 'rollout.nonce': `roll-${rolls}`, 'rollout.maxConcurrent': String(maxConcurrent) };
    const roll = new RollInProgress(release, settings);
    await roll.restarted('b', rolls);
    return roll;
  }

  async function expectFinished({ exitCode, said }: UpgradeResult): Promise<void> {
    expect(exitCode, said).to.equal(0);
    expect(await restarts(release), said).to.deep.equal(each(names, rolls));
    expect(await meshFacts(release)).to.deep.equal(initial);
  }

  it('by a restart of the API server goes on when that answers again', async () => {
    const roll = await inMidRoll();
    await lab().stop('kube-apiserver');
    await delay(3000);
    await lab().resume('kube-apiserver');
    await untilApiServerAnswers(release);
    await expectFinished(await roll.result);
  });

  it('by the eviction of the hook’s pod goes on in the next pod', async () => {
    const roll = await inMidRoll();
    await evict(release, await roll.pod());
    await expectFinished(await roll.result);
  });

  it('by a right to watch that is missing goes on, and asks instead', async () => {
    const roll = await inMidRoll();
    await withoutWatch(release);
    await evict(release, await roll.pod());
    const result = await roll.result;
    await expectFinished(result);
    expect(result.said).to.contain('cannot watch resource');
  });

  it('by a second pod of the hook restarts nothing twice', async () => {
    const roll = await inMidRoll();
    const second = await secondRollout(release);
    await expectFinished(await roll.result);
    expect(await second.succeeded()).to.equal(true);
    expect(await restarts(release)).to.deep.equal(each(names, rolls));
  });

  it('by the loss of the Coordinator’s pod restarts nothing until it is back in state 3 on its node', async () => {
    const roll = await inMidRoll(2);
    const { metadata, spec } = await release.coordinatorPod();
    // The new pod has to wait for the node, as long as the test wants.
    await lab().kubectl('cordon', spec.nodeName ?? '');
    const gone = Date.now();
    try {
      await release.kubectl('delete', 'pod', metadata.name, '--grace-period=1');
      await roll.says(/deployment\/\S+ in \S+ is held: the Coordinator /);
      const before = await restarts(release);
      await delay(3000);
      expect(await restarts(release)).to.deep.equal(before);
    } finally {
      await lab().kubectl('uncordon', spec.nodeName ?? '');
    }
    await untilReplaced(release, metadata.uid);
    const back = Date.now();
    await expectFinished(await roll.result);
    const meanwhile = (await askedRestarts(release, gone + 2000)).filter(({ time }) => time < back - 2000);
    expect(meanwhile).to.deep.equal([]);
  });
});
