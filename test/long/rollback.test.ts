import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { begun, succeeded } from '../cluster/begun.ts';
import { marblePods, meshFacts, type MeshFacts, type SetManifest } from '../cluster/mesh-facts.ts';
import { folderOf, moveAsDocumented } from '../cluster/moving.ts';
import { Release } from '../cluster/release.ts';
import { fill } from '../cluster/room.ts';
import { afterwards, useLab } from '../cluster/shared-lab.ts';
import { StatusByHand } from '../cluster/status-run.ts';
import { recover } from '../lab/mesh.ts';

for (const helmVersion of [4, 3] as const) {
  describe(`helm rollback to a chart in the shape of upstream’s, with Helm ${helmVersion}`, function () {
    this.timeout('5m');
    const lab = useLab();
    let release: Release;
    let manifest: SetManifest;
    let initial: MeshFacts;
    let marbles: string[];

    before(async () => {
      release = await Release.prepare(lab(), helmVersion, { name: 'marblerun' });
      await copyFile(release.values, join(await folderOf(release), 'values.yaml'));
      ({ manifest, initial, marbles } = await begun(release, release.installUpstreamShaped(), 'web'));
      await moveIn();
    });
    afterwards(() => release.remove());

    async function moveIn(): Promise<void> {
      await succeeded(release.upgrade());
      expect(await meshFacts(release)).to.deep.equal(initial);
    }

    it('keeps node, state and Marbles while no other node takes pods, as documented', async () => {
      const output = await moveAsDocumented(release, 'Back by `helm rollback`');
      expect(output).to.contain('Rollback was a success!');
      expect(await meshFacts(release)).to.deep.equal(initial);
      expect(await marblePods(release)).to.deep.equal(marbles);
      // Under server-side apply a field goes only once nobody has set it, and preflight had.
      const strategy = helmVersion === 4 ? 'Recreate' : 'RollingUpdate';
      expect((await release.deployment()).spec.strategy?.type).to.equal(strategy);
      expect(await release.kubectl('get', 'deployments,cronjobs', '-o', 'name')).not.to.match(
        /anchor|restore/,
      );
      const cordoned = ['get', 'nodes', '--field-selector=spec.unschedulable=true', '-o', 'name'];
      expect(await lab().kubectl(...cordoned)).to.equal('');
    });

    it('moves it where another node has more room, and Helm says that all is well', async () => {
      await moveIn();
      await fill(release, initial.node);
      const back = ['rollback', release.name, '1', '-n', release.namespace, '--wait'];
      const all = await succeeded(lab().helm(helmVersion, back));
      expect(all).to.contain('Rollback was a success!');
      const moved = await meshFacts(release);
      expect(moved.node).not.to.equal(initial.node);
      expect(moved.state).to.equal(1);
      expect(await marblePods(release)).to.deep.equal(marbles);
    });

    it('leaves it to be recovered, with the commands that status prints', async () => {
      const { exitCode, all } = await (await StatusByHand.prepare(release)).text();
      expect(exitCode, all).to.equal(1);
      expect(all).to.contain('marblerun recover ');
      const pod = await release.coordinatorPod();
      expect(await recover(lab(), pod.status?.podIP ?? '', manifest)).to.equal(0);
      const recovered = await meshFacts(release);
      expect({ ...recovered, node: initial.node }).to.deep.equal(initial);
    });
  });
}
