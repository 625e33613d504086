import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Context } from 'mocha';
import { satisfies } from 'semver';
import { parseAllDocuments } from 'yaml';
import { chartFile, chartFolder } from '../../release/chart.ts';
import { isBuiltIn, type Manifest } from '../chart/render.ts';
import { succeeded } from '../cluster/begun.ts';
import { giveManifest, marblePods, meshFacts, startMarbles } from '../cluster/mesh-facts.ts';
import { Release } from '../cluster/release.ts';
import { useLab } from '../cluster/shared-lab.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { kubernetesVersions, type KubernetesVersion } from '../lab/programs.ts';

const [usual] = kubernetesVersions;
const shapes = await readdir(join(chartFolder, 'ci'));

/** A lab of that version: the one that all suites share, or one of its own. */
function useLabOf(version: KubernetesVersion): () => Lab {
  const shared = useLab();
  if (version === usual) return shared;
  let own: Lab | undefined;
  before(`a lab with Kubernetes ${version} is up`, async function (this: Context) {
    this.timeout('40m');
    own = await startLab({ kubernetes: version, onProgress: console.log });
  });
  after(() => own?.down());
  return () => own ?? shared();
}

for (const version of kubernetesVersions) {
  describe(`The chart on Kubernetes ${version}`, function () {
    this.timeout('3m');
    const lab = useLabOf(version);

    it('is on a version that Chart.yaml says it supports', async () => {
      const { serverVersion } = JSON.parse(await lab().kubectl('version', '-o', 'json')) as {
        serverVersion: { gitVersion: string };
      };
      expect(serverVersion.gitVersion).to.equal(version);
      expect(satisfies(version, (await chartFile()).kubeVersion)).to.equal(true);
    });

    for (const shape of shapes) {
      it(`has objects that the API server takes, and calls no part of them deprecated, with ${shape}`, async () => {
        const namespace = `shape-${shape.replace('-values.yaml', '')}`;
        await lab().kubectl('create', 'namespace', namespace);
        const values = ['-f', join(chartFolder, 'ci', shape)];
        const where = ['template', 'marblerun-coordinator', chartFolder, '-n', namespace];
        const { stdout } = await lab().helm(4, [...where, ...values, '--kube-version', version]);
        const objects = parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
        const items = objects.filter(isBuiltIn);
        const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
        const strict = ['apply', '--server-side', '--validate=strict', '-n', namespace, '-f', '-'];
        const { stdout: applied, stderr } = await lab().exec('kubectl', strict, { input });
        expect(applied.split('\n')).to.have.lengthOf(items.length);
        expect(stderr).not.to.contain('Warning');
        await lab().exec('kubectl', ['delete', '--wait=false', '-n', namespace, '-f', '-'], { input });
        await lab().kubectl('delete', 'namespace', namespace, '--wait=false');
      });
    }

    // On the usual version all other suites do nothing else.
    if (version !== usual) itKeepsTheState(lab);
  });
}

/** The lab goes at the end, so nothing is cleaned up before. */
function itKeepsTheState(lab: () => Lab): void {
  it('is installed and upgraded with its hooks, and keeps node, state and Marbles', async () => {
    const release = await Release.prepare(lab(), 4, { backups: true });
    await succeeded(release.install({ 'coordinator.version': 'v1.8.0' }, '--wait'));
    await giveManifest(release);
    await startMarbles(release, 'web');
    const [before, marbles] = [await meshFacts(release), await marblePods(release)];
    expect(before.state).to.equal(3);
    const upgraded = await release.upgrade({}, '--wait');
    expect(upgraded.exitCode, upgraded.all).to.equal(0);
    expect(upgraded.all).to.contain('Preflight passed.').and.to.contain('Rollout done.');
    const image = 'docker.io/local/coordinator:v1.9.1';
    expect(await meshFacts(release)).to.deep.equal({ ...before, image });
    expect(await marblePods(release)).to.deep.equal(marbles);
  });
}
