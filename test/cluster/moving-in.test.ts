import { expect } from 'chai';
import { begun, succeeded } from './begun.ts';
import { marblePods, meshFacts, type MeshFacts } from './mesh-facts.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

for (const helmVersion of [4, 3] as const) {
  describe(`an upgrade in place from a chart in upstream's shape with Helm ${helmVersion}`, function () {
    this.timeout('4m');
    const lab = useLab();
    let release: Release;
    let initial: MeshFacts;
    let marbles: string[];
    let output: string;

    before(async () => {
      release = await Release.prepare(lab(), helmVersion, { name: 'marblerun', backups: true });
      ({ initial, marbles } = await begun(release, release.installUpstreamShaped(), 'web'));
      const upgraded = await release.upgrade();
      output = upgraded.all;
      expect(upgraded.exitCode, output).to.equal(0);
    });
    afterwards(() => release.remove());

    it('keeps the node, the state and the Marbles', async () => {
      expect(await meshFacts(release)).to.deep.equal(initial);
      expect(initial.state).to.equal(3);
      expect(await marblePods(release)).to.deep.equal(marbles);
    });

    it('says what it did: a pin pod, and the strategy', () => {
      expect(output).to.contain('node-held').and.to.contain('strategy-switched');
    });

    it('misses no setting, since none was lost', () => {
      expect(output).not.to.contain('setting-lost').and.not.to.contain('settings-unknown');
    });

    it('leaves no pin, an anchor on the node, and the strategy Recreate', async () => {
      expect(await release.kubectl('get', 'pods', '-o', 'name')).not.to.contain('pin');
      const [anchor] = await release.pods('edgeless.systems/control-plane-component=coordinator-anchor');
      expect(anchor?.spec.nodeName).to.equal(initial.node);
      expect((await release.deployment()).spec.strategy).to.deep.equal({ type: 'Recreate' });
    });

    it('leaves nothing to do for the next upgrade', async () => {
      const all = await succeeded(release.upgrade());
      expect(all).not.to.contain('node-held');
      expect(await meshFacts(release)).to.deep.equal(initial);
    });
  });
}
