import { expect } from 'chai';
import { until } from '../lab/progress.ts';
import { succeeded } from './begun.ts';
import { documentedCommands, runDocumented } from './documented-commands.ts';
import { meshFacts } from './mesh-facts.ts';
import { evict } from './mishaps.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';
import { StatusByHand } from './status-run.ts';

for (const helmVersion of [4, 3] as const) {
  describe(`a fresh install with Helm ${helmVersion}`, function () {
    this.timeout('4m');
    const lab = useLab();
    let release: Release;
    let output: string;

    before(async () => {
      release = await Release.prepare(lab(), helmVersion, { backups: true });
      const result = await release.install({ 'coordinator.podDisruptionBudget.enabled': 'true' }, '--wait');
      output = result.all;
      expect(result.exitCode, output).to.equal(0);
    });
    afterwards(() => release.remove());

    it('leaves a Coordinator that waits for a Manifest', async () => {
      expect(await meshFacts(release)).to.include({ state: 2, image: 'docker.io/local/coordinator:v1.9.1' });
    });

    it('shows the reports of both hooks, and the next step', () => {
      expect(output).to.contain('Preflight passed.').and.to.contain('Rollout done.');
      expect(output).to.contain('marblerun manifest set');
    });

    it('leaves no object of a hook', async () => {
      const kinds = 'jobs,pods,serviceaccounts,roles,rolebindings,configmaps';
      const names = await release.kubectl('get', kinds, '-o', 'name');
      const clusterWide = await release.kubectl('get', 'clusterroles,clusterrolebindings', '-o', 'name');
      expect(names).not.to.match(/preflight|rollout|pin|backup/);
      expect(clusterWide).not.to.contain(release.namespace);
    });

    it('lets no eviction take the only Coordinator, where its disruption budget is enabled', async () => {
      const failure = await evict(release, await release.coordinatorPod()).catch(String);
      expect(failure).to.contain("Cannot evict pod as it would violate the pod's disruption budget.");
    });

    it('places the anchor beside the Coordinator, and the anchor logs the state', async () => {
      const [anchor] = await release.pods('edgeless.systems/control-plane-component=coordinator-anchor');
      expect(anchor?.spec.nodeName).to.equal(await release.coordinatorNode());
      // It may have asked before the Coordinator answered, and asks every five seconds.
      const log = async (): Promise<string> =>
        await release.kubectl('logs', 'deployment/marblerun-coordinator-anchor');
      const says = async (): Promise<boolean> => (await log()).includes('state 2 AcceptingManifest');
      await until(says, 20, async () => new Error(await log()));
    });

    it('writes the record', async () => {
      const text = await release.kubectl(
        'get',
        'configmap',
        'marblerun-coordinator-record',
        '-o',
        'jsonpath={.data.record\\.json}',
      );
      const record = JSON.parse(text) as { coordinator: object };
      expect(record.coordinator).to.include({ version: 'v1.9.1', node: await release.coordinatorNode() });
    });

    it('is shown by status, with the next step, from where only the API server can be reached', async () => {
      const { exitCode, all } = await (await StatusByHand.prepare(release)).text();
      const node = await release.coordinatorNode();
      expect(exitCode, all).to.equal(0);
      expect(all).to.contain('waits for a Manifest (state 2)').and.to.contain('marblerun manifest set');
      expect(all).to.contain(`on ${node}, state 2 AcceptingManifest`).and.to.contain(`Ready on ${node}`);
      expect(all).to.contain('nothing differs').and.not.to.contain('not known');
    });

    if (helmVersion === 4) {
      it('is looked at by the image of the hooks on a machine of a person, as documented', async () => {
        const commands = await documentedCommands('docs/own-machine.md', 'From the image', release);
        expect(commands).to.have.length(2);
        const said = await runDocumented(release, commands.join('\n'), process.cwd());
        expect(said).to.contain('waits for a Manifest (state 2)');
        expect(said)
          .to.match(/^marblerun-hooks plan /m)
          .and.to.contain(`on ${await release.coordinatorNode()}`);
      });
    }

    it('passes helm test, twice', async () => {
      for (const flags of [[], ['--logs']]) {
        const all = await succeeded(release.test(...flags));
        expect(all).to.contain('2 AcceptingManifest').and.to.contain('Test passed.');
      }
      const kinds = 'pods,serviceaccounts,roles,rolebindings,configmaps';
      const names = (await release.kubectl('get', kinds, '-o', 'name')).split('\n');
      expect(names.filter((name) => name.endsWith('-test'))).to.deep.equal([
        'pod/marblerun-coordinator-test',
      ]);
      await release.kubectl('delete', 'pod/marblerun-coordinator-test');
    });

    it('leaves only the volume claim and the record after helm uninstall', async () => {
      await succeeded(
        lab().helm(helmVersion, ['uninstall', release.name, '-n', release.namespace, '--wait']),
      );
      await release.kubectl('wait', '--for=delete', 'pods', '--all', '--timeout=60s');
      const kinds =
        'deployments,pods,jobs,cronjobs,services,configmaps,secrets,serviceaccounts,roles,rolebindings,pvc';
      const left = (await release.kubectl('get', kinds, '-o', 'name')).split('\n').sort();
      expect(left).to.deep.equal([
        'configmap/kube-root-ca.crt',
        'configmap/marblerun-coordinator-record',
        'persistentvolumeclaim/coordinator-pv-claim',
        'serviceaccount/default',
      ]);
    });
  });
}
