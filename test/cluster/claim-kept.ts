import { expect } from 'chai';
import type { PersistentVolumeClaim } from '../../hooks/core/objects.ts';
import { giveVolume } from '../lab/volumes.ts';
import { succeeded } from './begun.ts';
import { giveManifest } from './mesh-facts.ts';
import { Release, type HelmVersion } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

const chartClaim = 'coordinator-pv-claim';

/** Moves in from a chart in upstream's shape, to another claim in the same step, which Helm answers by deleting the old one. */
export function describeKeptClaim(helmVersion: HelmVersion): void {
  describe(`moving in with another claim, with Helm ${helmVersion}`, function () {
    this.timeout('6m');
    const lab = useLab();
    let release: Release;
    let old: PersistentVolumeClaim;

    const claim = async (): Promise<PersistentVolumeClaim> =>
      await lab().get<PersistentVolumeClaim>('persistentvolumeclaim', chartClaim, '-n', release.namespace);

    before(async () => {
      release = await Release.prepare(lab(), helmVersion, { name: 'marblerun' });
      await succeeded(release.installUpstreamShaped());
      await giveManifest(release);
      old = await claim();
      expect(old.metadata.annotations).not.to.have.property('helm.sh/resource-policy');
      await giveVolume(lab(), release.namespace, 'fast');
      await lab().apply({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'fast', namespace: release.namespace },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } } },
      });
    });
    afterwards(async () => {
      await release.remove();
      await lab().kubectl('delete', 'persistentvolume', `${release.namespace}-fast`);
    });

    it('is refused, with a token, and changes nothing', async () => {
      const { exitCode, all } = await release.upgrade({ 'coordinator.pvcName': 'fast' });
      expect(exitCode).not.to.equal(0);
      expect(all).to.contain('another-store').and.to.contain('Nothing was changed');
      expect(await claim()).to.deep.equal(old);
    });

    it('leaves the old claim where it is once it is acknowledged', async () => {
      const refused = await release.upgrade({ 'coordinator.pvcName': 'fast' });
      const token = /another-store:[0-9a-f]{8}/.exec(refused.all)?.[0] ?? '';
      const settings = { 'coordinator.pvcName': 'fast', 'hooks.acknowledge': `{${token}}` };
      const { all } = await release.upgrade(settings);
      expect(all).to.contain('claim-kept');
      const kept = await claim();
      expect(kept.metadata.uid).to.equal(old.metadata.uid);
      expect(kept.metadata).not.to.have.property('deletionTimestamp');
      expect(kept.metadata.annotations).to.include({ 'helm.sh/resource-policy': 'keep' });
      const { volumes } = (await release.deployment()).spec.template.spec;
      expect(volumes?.[0]?.persistentVolumeClaim?.claimName).to.equal('fast');
    });
  });
}
