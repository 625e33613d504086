import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { readRecord } from '../../hooks/core/record.ts';
import { valueOf } from '../../hooks/core/known.ts';
import type { ConfigMap, Pod } from '../../hooks/core/objects.ts';
import { recover } from '../lab/mesh.ts';
import { usageOf } from './anchor-usage.ts';
import { begun, failed } from './begun.ts';
import { meshFacts, type MeshFacts, type SetManifest } from './mesh-facts.ts';
import { alertedMetrics, servedMetrics } from './metrics.ts';
import { Release } from './release.ts';
import { afterwards, useLab } from './shared-lab.ts';

const anchorName = 'marblerun-coordinator-anchor';
const coordinator = 'edgeless.systems/control-plane-component=coordinator';
const anchor = 'edgeless.systems/control-plane-component=coordinator-anchor';
const limits = { 'anchor.graceSeconds': '5', 'anchor.downSeconds': '20', 'metrics.enabled': 'true' };

describe('the watch of the anchor', function () {
  this.timeout('6m');
  const lab = useLab();
  let release: Release;
  let initial: MeshFacts;
  let manifest: SetManifest;

  before(async () => {
    release = await Release.prepare(lab(), 4);
    ({ manifest, initial } = await begun(release, release.install(limits, '--wait')));
  });
  afterwards(async () => {
    await lab().kubectl('uncordon', initial.node);
    await release.remove();
  });

  const record = async () => {
    const { data } = await lab().get<ConfigMap>(
      'configmap',
      'marblerun-coordinator-record',
      '-n',
      release.namespace,
    );
    return valueOf(readRecord(data?.['record.json']));
  };
  const event = async (reason: string): Promise<string> =>
    await release.kubectl(
      'get',
      'events',
      `--field-selector=reason=${reason}`,
      '-o',
      'jsonpath={.items[*].message}',
    );
  const available = async (wanted: boolean): Promise<void> => {
    await eventually(`the anchor to be ${wanted ? '' : 'un'}available`, async () => {
      const { status } = await release.deployment(anchorName);
      return (status?.availableReplicas ?? 0) > 0 === wanted;
    });
  };
  const anchorPod = async (): Promise<Pod> => {
    const [pod] = (await release.pods(anchor)).filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined,
    );
    if (pod === undefined) throw new Error('there is no anchor');
    return pod;
  };

  it('tells of a Manifest that was set after the install, and notes whose state it is', async () => {
    await eventually('the Event', async () =>
      (await event('CoordinatorGotManifest')).includes('A Manifest is in force'),
    );
    await eventually('the record', async () => (await record())?.manifestFingerprint !== undefined);
    expect((await record())?.manifestFingerprint).to.equal(manifest.fingerprint);
    expect((await record())?.startedUnder).to.match(/^[0-9a-f]{16}$/);
  });

  it('is not alone: the Coordinator serves each of its metrics that an alert names', async () => {
    expect(await servedMetrics(release)).to.include.keys(await alertedMetrics());
    expect((await servedMetrics(release)).get('coordinator_state')).to.equal(3);
  });

  it('raises no alarm when the Coordinator is started again on its node', async () => {
    await release.kubectl('delete', 'pods', '-l', coordinator);
    const until = Date.now() + 15_000;
    while (Date.now() < until) {
      expect((await release.deployment(anchorName)).status?.availableReplicas).to.equal(1);
      await delay(1000);
    }
    expect(await meshFacts(release)).to.deep.equal(initial);
    expect(await event('CoordinatorDown')).to.equal('');
  });

  it('costs less than 64 MiB and 1 % of a core', async () => {
    const { memoryMiB, cpuPercent, rssMiB } = await usageOf(await anchorPod(), 45_000);
    console.log(
      `      ${memoryMiB.toFixed(1)} MiB by its cgroup, ${rssMiB.toFixed(1)} MiB resident, ${cpuPercent.toFixed(2)} % of a core`,
    );
    expect(memoryMiB).to.be.below(64);
    expect(cpuPercent).to.be.below(1);
  });

  it('is unavailable while the Coordinator is down for longer than the limit, and tells so', async () => {
    await release.kubectl('scale', 'deployment/marblerun-coordinator', '--replicas=0');
    await available(false);
    expect(await event('CoordinatorDown')).to.contain('The Coordinator does not answer');
    await release.kubectl('scale', 'deployment/marblerun-coordinator', '--replicas=1');
    await available(true);
    await eventually('the Event', async () => (await event('CoordinatorBack')).includes(initial.node));
    expect(await meshFacts(release)).to.deep.equal(initial);
  });

  it('ends in a second when it is told to', async () => {
    const { uid = '', name } = (await anchorPod()).metadata;
    const begin = Date.now();
    await release.kubectl('delete', 'pod', name, '--wait=false');
    await eventually(
      'the container to end',
      async () => {
        const pods = await release.pods(anchor);
        const pod = pods.find(({ metadata }) => metadata.uid === uid);
        return pod?.status?.containerStatuses?.every(({ state }) => state?.terminated !== undefined) ?? true;
      },
      100,
    );
    const seconds = (Date.now() - begin) / 1000;
    console.log(`      gone ${seconds.toFixed(1)} s after it was asked for, as the API server tells it`);
    expect(seconds).to.be.below(4);
    await available(true);
  });

  it('is unavailable after a move that no hook saw, and names both nodes and the next command', async () => {
    await lab().kubectl('cordon', initial.node);
    const old = await release.coordinatorPod();
    await release.kubectl('scale', `deployment/${anchorName}`, '--replicas=0');
    await eventually('the anchor to go', async () => (await release.pods(anchor)).length === 0);
    await evict(release, old);
    // kube-scheduler does not try a pod again soon when the pod that it had to join goes: a new one it does.
    await eventually('the old Coordinator to go', async () => {
      const pods = await release.pods(coordinator);
      return pods.every(({ metadata }) => metadata.uid !== old.metadata.uid);
    });
    await release.kubectl('delete', 'pods', '-l', coordinator);
    await release.kubectl('scale', `deployment/${anchorName}`, '--replicas=1');
    await eventually('the Coordinator on the other node', async () => {
      const pod = await release.coordinatorPod().catch(() => undefined);
      return pod !== undefined && pod.metadata.uid !== old.metadata.uid && pod.spec.nodeName !== undefined;
    });
    await eventually('the Event', async () => (await event('CoordinatorNeedsRecovery')) !== '');
    await available(false);
    const moved = await release.coordinatorPod();
    const told = await event('CoordinatorNeedsRecovery');
    expect(told).to.contain(`moved from ${initial.node} to ${moved.spec.nodeName ?? ''}`);
    expect(told).to.contain(`kubectl -n ${release.namespace} port-forward pod/${moved.metadata.name}`);
    expect((await record())?.coordinator.node).to.equal(initial.node);
  });

  it('is not alone in telling: helm test fails, says why, and how to recover', async () => {
    const all = await failed(release.test('--logs'));
    expect((await servedMetrics(release)).get('coordinator_state')).to.equal(1);
    const { name } = (await release.coordinatorPod()).metadata;
    expect(all)
      .to.contain('BLOCK recovery-needed')
      .and.to.contain('Test failed')
      .and.to.contain(`kubectl -n ${release.namespace} port-forward pod/${name}`);
  });

  it('does not stand in the way of its own successor', async () => {
    await release.kubectl('rollout', 'restart', `deployment/${anchorName}`);
    await release.kubectl('rollout', 'status', `deployment/${anchorName}`, '--timeout=60s');
    await available(false);
    const count = await release.kubectl(
      'get',
      'events',
      '--field-selector=reason=CoordinatorNeedsRecovery',
      '-o',
      'name',
    );
    expect(count.trim().split('\n')).to.have.length(1);
  });

  it('is available again after the recovery, and the record names the new node', async () => {
    const pod = await release.coordinatorPod();
    expect(await recover(lab(), pod.status?.podIP ?? '', manifest)).to.equal(0);
    await available(true);
    await eventually('the Event', async () => (await event('CoordinatorRecovered')) !== '');
    await eventually('the record', async () => (await record())?.coordinator.node === pod.spec.nodeName);
    expect(await meshFacts(release)).to.include({ state: 3, rootCertificate: initial.rootCertificate });
  });
});

/** Through the API that `kubectl drain` uses. */
async function evict({ lab, namespace }: Release, { metadata: { name } }: Pod): Promise<void> {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
  await lab.exec('kubectl', ['create', '--raw', path, '-f', '-'], { input: JSON.stringify(eviction) });
}

async function eventually(
  what: string,
  holds: () => Promise<boolean>,
  pauseMilliseconds = 500,
): Promise<void> {
  const until = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error(`Waited two minutes in vain for ${what}`);
    await delay(pauseMilliseconds);
  }
}
