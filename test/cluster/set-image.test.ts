import { expect } from 'chai';
import { begun, succeeded } from './begun.ts';
import { meshFacts, type MeshFacts } from './mesh-facts.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

for (const helmVersion of [4, 3] as const) {
  describe(`kubectl set image, then helm upgrade with Helm ${helmVersion}`, function () {
    this.timeout('4m');
    const lab = useLab();
    let release: Release;
    let initial: MeshFacts;

    before(async () => {
      release = await Release.prepare(lab(), helmVersion, { enclaves: 'simulated' });
      ({ initial } = await begun(release, release.install({ 'coordinator.version': 'v1.8.0' })));
      await release.kubectl(
        'set',
        'image',
        'deployment/marblerun-coordinator',
        'coordinator=docker.io/local/coordinator:v1.9.1',
      );
      await release.kubectl('rollout', 'status', 'deployment/marblerun-coordinator', '--timeout=90s');
    });
    afterwards(() => release.remove());

    it('keeps the node and the state, though no hook runs', async () => {
      const image = 'docker.io/local/coordinator:v1.9.1';
      expect(await meshFacts(release)).to.deep.equal({ ...initial, image });
    });

    it('lets Helm take the image back', async () => {
      await succeeded(release.upgrade({ 'coordinator.version': 'v1.8.0' }));
      expect(await meshFacts(release)).to.deep.equal(initial);
    });
  });
}
