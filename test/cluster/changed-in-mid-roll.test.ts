import { expect } from 'chai';
import { each, restarts, startFleet } from './fleet.ts';
import { takesRightsAway } from './fewer-rights.ts';
import { succeeded } from './begun.ts';
import { giveManifest, meshFacts, type MeshFacts } from './mesh-facts.ts';
import { withoutClusterRights } from './mishaps.ts';
import { Release } from './release.ts';
import { exitCodeOfHook, RollInProgress, upgraded } from './roll-in-progress.ts';
import { afterwards, useLab } from './shared-lab.ts';

/** In this order. Those of another namespace come first or last by its name, which begins with that of the release. */
const names = ['a', 'b', 'c', 'deleted', 'scaled'];
const spec = { minReadySeconds: 2 };

describe('a roll in whose middle the Marbles change', function () {
  this.timeout('3m');
  const lab = useLab();
  let release: Release;
  let annex: string;
  let initial: MeshFacts;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    takesRightsAway(release.namespace);
    annex = `${release.namespace}-annex`;
    await lab().kubectl('create', 'namespace', annex);
    await succeeded(release.install());
    await giveManifest(release);
    const wishes = names.map((name) => ({ name, spec }));
    await startFleet(release, ...wishes, { name: 'tenant', namespace: annex, spec });
    initial = await meshFacts(release);
  });
  afterwards(() => release.remove());

  it('leaves a workload alone that was deleted, alone or with its namespace, and one that was scaled to zero', async () => {
    const roll = new RollInProgress(release, { 'rollout.nonce': 'one', 'rollout.maxConcurrent': '1' });
    await roll.restarted('a', 1);
    await release.kubectl('delete', 'deployment', 'deleted');
    await release.kubectl('scale', 'deployment', 'scaled', '--replicas=0');
    await lab().kubectl('delete', 'namespace', annex);
    const { exitCode, said } = await roll.result;
    expect(exitCode, said).to.equal(0);
    for (const name of ['a', 'b', 'c'])
      expect(said).to.match(new RegExp(`restarted +deployment/${name} in `));
    expect(said).to.match(/gone +deployment\/deleted in /);
    expect(said).to.match(new RegExp(`gone +deployment/tenant in ${annex}`));
    expect(said).to.match(/2 left alone/);
    const { scaled = 0, ...others } = await restarts(release);
    expect(others).to.deep.equal(each(['a', 'b', 'c'], 1));
    expect(scaled).to.be.at.most(1);
    expect(await meshFacts(release)).to.deep.equal(initial);
  });

  it('says that a Marble is gone whose pods are being started', async () => {
    await startFleet(release, { name: 'aa', spec });
    const roll = new RollInProgress(release, { 'rollout.nonce': 'two', 'rollout.maxConcurrent': '1' });
    await roll.says(/Restarting deployment\/aa in /);
    await release.kubectl('delete', 'deployment', 'aa');
    const { exitCode, said } = await roll.result;
    expect(exitCode, said).to.equal(0);
    expect(said).to.match(/gone +deployment\/aa in .*it was deleted while the roll went on/);
    expect(await restarts(release)).to.include(each(['a', 'b', 'c'], 2));
  });

  it('stops with the API server’s words when its rights are taken away, and the same command finishes it', async () => {
    const settings = { 'rollout.nonce': 'three', 'rollout.maxConcurrent': '1' };
    const roll = new RollInProgress(release, settings);
    await roll.restarted('a', 3);
    await withoutClusterRights(release);
    const stopped = await roll.result;
    expect(stopped.exitCode).not.to.equal(0);
    expect(await exitCodeOfHook(release)).to.be.oneOf([1, 3]);
    expect(stopped.said).to.match(/cannot patch resource "deployments" in API group "apps"/);
    expect(stopped.said).to.match(/restarted +deployment\/a in /);
    const { exitCode, said } = await upgraded(release, settings);
    expect(exitCode, said).to.equal(0);
    expect(await restarts(release)).to.include(each(['a', 'b', 'c'], 3));
    expect(await meshFacts(release)).to.deep.equal(initial);
  });
});
