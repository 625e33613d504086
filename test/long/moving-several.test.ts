import { expect } from 'chai';
import { giveCertificate, startBareMarbles } from '../cluster/injected.ts';
import { succeeded } from '../cluster/begun.ts';
import {
  giveManifest,
  marblePods,
  sharedFacts,
  startMarbles,
  type MeshFacts,
} from '../cluster/mesh-facts.ts';
import { moveAsDocumented } from '../cluster/moving.ts';
import { Release, two, type Settings } from '../cluster/release.ts';
import { afterwards, useLab } from '../cluster/shared-lab.ts';
import { until } from '../lab/progress.ts';

for (const [helmVersion, withInjector] of [
  [4, true],
  [3, false],
] as const) {
  const what = withInjector ? 'with an injector' : 'without an injector';

  describe(`Two Coordinators of a chart in upstream's shape ${what}, moved with Helm ${helmVersion}`, function () {
    this.timeout('6m');
    const lab = useLab();
    let release: Release;
    let initial: Omit<MeshFacts, 'node'>;
    let marbles: string[];

    const isUntouched = async (): Promise<void> => {
      expect((await sharedFacts(release)).facts).to.deep.equal(initial);
      expect(await release.coordinatorPods()).to.have.length(2);
      expect(await marblePods(release)).to.deep.equal(marbles);
    };

    before(async () => {
      release = await Release.prepare(lab(), helmVersion, { name: 'marblerun', enclaves: 'simulated' });
      let settings: Settings = two;
      if (withInjector) {
        const authority = await giveCertificate(release);
        settings = { ...two, 'marbleInjector.start': 'true', 'marbleInjector.CABundle': authority };
      }
      await succeeded(release.installUpstreamShaped(settings));
      await giveManifest(release);
      await until(
        async () => (await sharedFacts(release).catch(() => undefined))?.facts.state === 3,
        60,
        async () => new Error(JSON.stringify(await sharedFacts(release))),
      );
      await (withInjector ? startBareMarbles : startMarbles)(release, 'web');
      ({ facts: initial } = await sharedFacts(release));
      marbles = await marblePods(release);
    });
    afterwards(() => release.remove());

    it('come in place as documented, with their state and their Marbles', async () => {
      const output = await moveAsDocumented(release, 'In place');
      expect(output).to.contain('hand on the key').and.not.to.contain('setting-lost');
      await isUntouched();
      await release.kubectl('get', 'deployment/marblerun-coordinator-anchor');
    });

    it('go back by helm rollback, and are several that share the state still', async () => {
      const back = ['rollback', release.name, '1', '-n', release.namespace, '--wait'];
      await succeeded(lab().helm(helmVersion, back));
      await isUntouched();
      expect(await release.kubectl('get', 'deployments', '-o', 'name')).not.to.contain('anchor');
      if (withInjector) await startBareMarbles(release, 'store');
    });
  });
}
