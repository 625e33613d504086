import { expect } from 'chai';
import type { ObjectMeta } from '../../hooks/core/objects.ts';
import { documentedCommands, runDocumented } from '../cluster/documented-commands.ts';
import { giveManifest, marblePods, meshFacts, type MeshFacts } from '../cluster/mesh-facts.ts';
import { Release } from '../cluster/release.ts';
import { afterwards, useLab } from '../cluster/shared-lab.ts';
import { runArgocd } from '../lab/argocd.ts';
import { Application, type OperationState } from './application.ts';
import {
  coordinatorApplication,
  labParameters,
  marblesApplication,
  serveChart,
  withValues,
} from './argocd-sources.ts';

const names = ['web', 'store'];

const imageOf = (version: string): string => `docker.io/local/coordinator:${version}`;

/** The Jobs of the hooks that ran in a sync, and how each ended. */
function hookJobs({ syncResult }: OperationState): Record<string, string> {
  const jobs = (syncResult?.resources ?? []).filter(({ kind }) => kind === 'Job');
  return Object.fromEntries(
    jobs.map(({ name, hookType, hookPhase }) => [name, `${hookType ?? ''} ${hookPhase ?? ''}`]),
  );
}

const bothRan = {
  'marblerun-coordinator-preflight': 'PreSync Succeeded',
  'marblerun-coordinator-rollout': 'PostSync Succeeded',
};

describe('The example Applications on Argo CD', function () {
  this.timeout('4m');
  const lab = useLab();
  let release: Release;
  let coordinator: Application;
  let marbles: Application;
  let initial: MeshFacts;
  let accounts: Record<string, string>;
  let token: string;

  /** The ServiceAccounts that pods of the namespace run as, by name. */
  async function accountsInUse(): Promise<Record<string, string>> {
    const where = ['-n', release.namespace];
    const pods = await lab().get<{ items: { spec: { serviceAccountName: string } }[] }>('pods', ...where);
    const used = new Set(pods.items.map(({ spec }) => spec.serviceAccountName));
    const { items } = await lab().get<{ items: { metadata: ObjectMeta }[] }>('serviceaccounts', ...where);
    const inUse = items.filter(({ metadata }) => used.has(metadata.name));
    return Object.fromEntries(inUse.map(({ metadata }) => [metadata.name, metadata.uid ?? '']));
  }

  /** Of every pod that no Job has: equal before and after means that nothing was restarted. */
  async function podIds(): Promise<string[]> {
    const { items } = await lab().get<{ items: { metadata: ObjectMeta }[] }>('pods', '-n', release.namespace);
    const lasting = items.filter(({ metadata }) => metadata.ownerReferences?.[0]?.kind !== 'Job');
    return lasting.map(({ metadata }) => `${metadata.name} ${metadata.uid ?? ''}`).sort();
  }

  async function configMaps(): Promise<string[]> {
    return (await release.kubectl('get', 'configmaps', '-o', 'name')).split('\n');
  }

  /** What tells on each Marble's template under what it was started. */
  async function startedUnder(): Promise<(string | undefined)[]> {
    const deployments = await Promise.all(names.map((name) => release.deployment(name)));
    return deployments.map(
      ({ spec }) => spec.template.metadata?.annotations?.['marblerun-hooks/started-under'],
    );
  }

  before(async () => {
    release = await Release.prepare(lab(), 4);
    await serveChart(lab());
    await runArgocd(lab(), console.log);
  });
  afterwards(() => release.remove());

  it('install the Coordinator, with both hooks, and are Synced and Healthy', async () => {
    const application = await coordinatorApplication(release);
    const values = { coordinator: { version: 'v1.8.0' }, dcap: null };
    coordinator = await Application.create(lab(), withValues(application, values));
    const synced = await coordinator.autoSynced();
    expect(synced).to.include({ phase: 'Succeeded' });
    expect(hookJobs(synced)).to.deep.equal(bothRan);
    await coordinator.untilHealthy();
    expect(await meshFacts(release)).to.include({ state: 2, image: imageOf('v1.8.0') });
    accounts = await accountsInUse();
    expect(accounts).to.include.keys('marblerun-coordinator');
  });

  it('lose a null of their valuesObject, and keep one that is a parameter', async () => {
    expect(await configMaps()).to.include('configmap/coordinator-dcap-config');
    const [container] = (await release.coordinatorPod()).spec.containers;
    expect(container?.resources).to.deep.equal({});
  });

  it('start Marbles, which are Synced and Healthy too', async () => {
    await giveManifest(release);
    marbles = await Application.create(lab(), await marblesApplication(release, ...names));
    expect(await marbles.sync()).to.include({ phase: 'Succeeded' });
    await marbles.untilHealthy();
    initial = await meshFacts(release);
    expect(initial).to.include({ state: 3 });
    expect(await marblePods(release)).to.have.lengthOf(names.length);
  });

  it('fail with the way to the reason when preflight refuses an upgrade, and change nothing', async () => {
    const before = await podIds();
    const clients = [{ name: 'billing', UniqueID: '6b'.repeat(32) }];
    const parameters = [...labParameters, { name: 'dcap', value: 'null' }];
    await coordinator.change({
      helm: { valuesObject: { coordinator: { version: 'v1.9.1' }, clients }, parameters },
    });
    const failed = await coordinator.autoSynced();
    expect(failed).to.include({ phase: 'Failed', retryCount: 1 });
    expect(hookJobs(failed)).to.deep.equal({ 'marblerun-coordinator-preflight': 'PreSync Failed' });
    const job = failed.syncResult?.resources?.find(({ kind }) => kind === 'Job');
    expect(job?.message).to.match(/marblerun-coordinator-preflight-\S+ failed with exit code 1/);
    const [command = ''] = await documentedCommands('docs/gitops.md', 'Argo CD', release);
    const reason = await runDocumented(release, command);
    token = /client-pins-unique-id:[0-9a-f]+/.exec(reason)?.[0] ?? reason;
    expect(await podIds()).to.deep.equal(before);
  });

  it('upgrade by themselves once its token is committed, and keep the node, the state and the Marbles', async () => {
    const before = await marblePods(release);
    await coordinator.change({ helm: { valuesObject: { hooks: { acknowledge: [token] } } } });
    const synced = await coordinator.autoSynced();
    expect(synced).to.include({ phase: 'Succeeded' });
    expect(hookJobs(synced)).to.deep.equal(bothRan);
    await coordinator.untilHealthy();
    expect(await configMaps()).not.to.include('configmap/coordinator-dcap-config');
    initial = { ...initial, image: imageOf('v1.9.1') };
    expect(await meshFacts(release)).to.deep.equal(initial);
    expect(await marblePods(release)).to.deep.equal(before);
  });

  it('do not sync by themselves for what only hooks see; a sync by hand restarts the Marbles then', async () => {
    const before = await marblePods(release);
    const { status } = await coordinator.read();
    await coordinator.change({ helm: { valuesObject: { rollout: { nonce: 'once' } } } });
    await coordinator.untilHealthy();
    expect((await coordinator.read()).status?.operationState?.startedAt).to.equal(
      status?.operationState?.startedAt,
    );
    expect(hookJobs(await coordinator.sync())).to.deep.equal(bothRan);
    const restarted = await marblePods(release);
    expect(restarted).to.have.lengthOf(names.length);
    for (const pod of before) expect(restarted).not.to.include(pod);
    expect(await startedUnder())
      .to.have.lengthOf(names.length)
      .and.not.to.include(undefined);
  });

  it('restart nothing in two more syncs, though both hooks run in each', async () => {
    const before = [await podIds(), await startedUnder()];
    for (let sync = 1; sync <= 2; sync++) {
      expect(hookJobs(await coordinator.sync())).to.deep.equal(bothRan);
      await coordinator.untilHealthy();
    }
    expect([await podIds(), await startedUnder()]).to.deep.equal(before);
  });

  it('leave the annotation of the hooks on the Marbles alone, though they are replaced in each sync', async () => {
    const before = [await marblePods(release), await startedUnder()];
    expect(before[1]).to.have.lengthOf(names.length).and.not.to.include(undefined);
    expect(await marbles.sync()).to.include({ phase: 'Succeeded' });
    await marbles.untilHealthy();
    expect([await marblePods(release), await startedUnder()]).to.deep.equal(before);
  });

  it('heal what kubectl set image did, without hooks, on the same node and with the same state', async () => {
    const before = await marblePods(release);
    const started = (await coordinator.read()).status?.operationState?.startedAt;
    const old = `coordinator=${imageOf('v1.8.0')}`;
    await release.kubectl('set', 'image', 'deployment/marblerun-coordinator', old);
    const healed = await coordinator.untilSynced(({ startedAt }) => startedAt !== started);
    expect(healed).to.include({ phase: 'Succeeded' });
    expect(healed.operation.sync?.resources).not.to.be.empty;
    expect(hookJobs(healed)).to.deep.equal({});
    await coordinator.untilHealthy();
    await release.kubectl('rollout', 'status', 'deployment/marblerun-coordinator', '--timeout=90s');
    expect(await meshFacts(release)).to.deep.equal(initial);
    expect(await marblePods(release)).to.deep.equal(before);
  });

  it('never made the ServiceAccounts of workloads again', async () => {
    expect(await accountsInUse()).to.include(accounts);
  });

  it('leave the sealed state and the record when they are deleted', async () => {
    await marbles.remove();
    await coordinator.remove();
    const left = await release.kubectl('get', 'deployments,jobs,pvc,configmaps', '-o', 'name');
    expect(left.split('\n').sort()).to.deep.equal([
      'configmap/kube-root-ca.crt',
      'configmap/marblerun-coordinator-record',
      'persistentvolumeclaim/coordinator-pv-claim',
    ]);
  });
});
