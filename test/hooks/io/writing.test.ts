import { expect } from 'chai';
import type { Deployment } from '../../../hooks/core/objects.ts';
import { writeEvent } from '../../../hooks/io/events.ts';
import { findMarbles, restartMarble } from '../../../hooks/io/marbles.ts';
import { paths } from '../../../hooks/io/paths.ts';
import { storeRecord } from '../../../hooks/io/record.ts';
import { coordinatorName, marble, namespace, record } from '../builders.ts';
import { putMarble } from '../marbles.ts';
import { MemoryCluster } from '../memory-cluster.ts';
import { rejection } from '../rejection.ts';

const recordPath = paths.configMap(namespace, 'marblerun-coordinator-record');
const everywhere = { namespaces: [], mesh: namespace };
const web = {
  namespace: 'shop',
  name: 'web',
  type: 'frontend',
  replicas: 2,
  paused: false,
  injected: true,
};

describe('storeRecord', () => {
  it('makes the ConfigMap when there is none, and updates it afterwards', async () => {
    const cluster = new MemoryCluster();
    await storeRecord(cluster, namespace, record());
    await storeRecord(
      cluster,
      namespace,
      record((r) => (r.chartVersion = '0.2.0')),
    );
    expect(cluster.writes.map(({ verb }) => verb)).to.deep.equal(['create', 'patch']);
    const { data } = cluster.objects.get(recordPath) as unknown as { data: Record<string, string> };
    expect(JSON.parse(data['record.json'] ?? '')).to.deep.equal(record((r) => (r.chartVersion = '0.2.0')));
  });

  it('updates the ConfigMap when another pod of the Job makes it at the same moment', async () => {
    const cluster = new MemoryCluster();
    const create = cluster.create.bind(cluster);
    cluster.create = async <T>(path: string, object: object) => {
      cluster.put(recordPath, { metadata: { name: 'marblerun-coordinator-record' }, data: {} });
      return await create<T>(path, object);
    };
    await storeRecord(cluster, namespace, record());
    expect(cluster.writes.map(({ verb }) => verb)).to.deep.equal(['patch']);
    const { data } = cluster.objects.get(recordPath) as unknown as { data: Record<string, string> };
    expect(JSON.parse(data['record.json'] ?? '')).to.deep.equal(record());
  });

  it('hands on a missing right', async () => {
    const cluster = new MemoryCluster();
    cluster.refusals.push({ verb: 'patch', path: /./, error: { kind: 'forbidden', message: 'no' } });
    expect((await rejection(storeRecord(cluster, namespace, record()))).message).to.equal('no');
  });
});

describe('writeEvent', () => {
  it('speaks of the Deployment, as events of the core API do', async () => {
    const cluster = new MemoryCluster();
    const text = { type: 'Warning' as const, reason: 'PreflightBlocked', message: 'Upgrade refused.' };
    const about = { namespace, name: coordinatorName, uid: 'a-uid' };
    await writeEvent(cluster, about, text, new Date('2026-11-24T12:00:00Z'));
    expect(cluster.writes[0]?.path).to.equal('/api/v1/namespaces/marblerun/events');
    expect(cluster.writes[0]?.body).to.deep.include({
      ...text,
      firstTimestamp: '2026-11-24T12:00:00.000Z',
      involvedObject: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        namespace,
        name: coordinatorName,
        uid: 'a-uid',
      },
    });
  });
});

describe('findMarbles', () => {
  it('finds the Deployments behind labelled ReplicaSets, each once and in order', async () => {
    const cluster = new MemoryCluster();
    putMarble(cluster, marble('web'));
    putMarble(cluster, marble('api'));
    putMarble(cluster, marble('web'), { suffix: 'older' });
    expect(await findMarbles(cluster, everywhere)).to.deep.equal([
      { ...web, name: 'api', startedUnder: undefined },
      { ...web, startedUnder: undefined },
    ]);
  });

  it('reads what a restart needs to know', async () => {
    const cluster = new MemoryCluster();
    const paused = marble('web', ({ spec }) => {
      spec.paused = true;
      delete spec.replicas;
      const labels = { 'marblerun/marbletype': 'web' };
      spec.template.metadata = { labels, annotations: { 'marblerun-hooks/started-under': 'abc' } };
    });
    putMarble(cluster, paused);
    expect(await findMarbles(cluster, everywhere)).to.deep.equal([
      { ...web, type: 'web', replicas: 1, paused: true, startedUnder: 'abc' },
    ]);
  });

  it('leaves out a Deployment that is a Marble no longer, one that is gone and a ReplicaSet of its own', async () => {
    const cluster = new MemoryCluster();
    putMarble(
      cluster,
      marble('former', ({ spec }) => (spec.template.metadata = { labels: {} })),
    );
    putMarble(cluster, marble('gone'));
    cluster.objects.delete(paths.deployment('shop', 'gone'));
    putMarble(cluster, marble('alone'));
    const set = cluster.objects.get(`${paths.replicaSets('shop')}/alone-5d`);
    delete set?.metadata.ownerReferences;
    expect(await findMarbles(cluster, everywhere)).to.deep.equal([]);
  });

  it('leaves out a Deployment that owns a ReplicaSet without controlling it', async () => {
    const cluster = new MemoryCluster();
    putMarble(cluster, marble('web'));
    const owner = cluster.objects.get(`${paths.replicaSets('shop')}/web-5d`)?.metadata.ownerReferences?.[0];
    Object.assign(owner ?? {}, { controller: false });
    expect(await findMarbles(cluster, everywhere)).to.deep.equal([]);
  });

  const at = (address: string) => [{ name: 'EDG_MARBLE_COORDINATOR_ADDR', value: address }];
  const meshes: [string, string, object[]][] = [
    ['finds a Marble of this Coordinator', 'coordinator-mesh-api.marblerun:2001', [web]],
    ['leaves out a Marble of another Coordinator', 'coordinator-mesh-api.elsewhere:2001', []],
    [
      'notes an address that does not tell which Coordinator it is',
      '10.0.0.7:2001',
      [{ ...web, strangeAddress: '10.0.0.7:2001' }],
    ],
  ];
  for (const [title, address, expected] of meshes) {
    it(`${title}, by its template`, async () => {
      const cluster = new MemoryCluster();
      putMarble(
        cluster,
        marble('web', ({ spec }) => (spec.template.spec.containers = [{ name: 'web', env: at(address) }])),
      );
      const told = expected.map((workload) => ({ ...workload, injected: false }));
      expect(await foundIn(cluster)).to.deep.equal(told);
    });

    it(`${title}, by a pod that the injector has told it`, async () => {
      const cluster = new MemoryCluster();
      putMarble(cluster, marble('web'));
      const injected = { name: 'web-1', namespace: 'shop', labels: { app: 'web' } };
      cluster.put(paths.pod('shop', 'web-1'), {
        metadata: injected,
        spec: { containers: [{ name: 'web', env: at(address) }] },
        status: { phase: 'Running' },
      });
      expect(await foundIn(cluster)).to.deep.equal(expected);
    });
  }

  it('looks only into the namespaces that are named', async () => {
    const cluster = new MemoryCluster();
    putMarble(cluster, marble('web'));
    putMarble(
      cluster,
      marble('other', ({ metadata }) => (metadata.namespace = 'elsewhere')),
    );
    expect(
      (await findMarbles(cluster, { ...everywhere, namespaces: ['shop'] })).map(({ name }) => name),
    ).to.deep.equal(['web']);
    expect(await findMarbles(cluster, { ...everywhere, namespaces: ['empty'] })).to.deep.equal([]);
  });
});

describe('restartMarble', () => {
  it('sets one annotation of the pod template, and the same key again changes nothing', async () => {
    const cluster = new MemoryCluster();
    putMarble(cluster, marble('web'));
    const first = await restartMarble(cluster, web, 'key');
    const again = await restartMarble(cluster, web, 'key');
    expect(first.metadata.generation).to.equal(4);
    expect(again.metadata.generation).to.equal(4);
    const { spec } = cluster.objects.get(paths.deployment('shop', 'web')) as unknown as Deployment;
    expect(spec.template.metadata).to.deep.equal({
      labels: { app: 'web', 'marblerun/marbletype': 'frontend' },
      annotations: { 'marblerun-hooks/started-under': 'key' },
    });
  });
});

/** What findMarbles finds, without the keys that are not set. */
async function foundIn(cluster: MemoryCluster): Promise<unknown> {
  return JSON.parse(JSON.stringify(await findMarbles(cluster, everywhere)));
}
