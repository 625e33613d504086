import { expect } from 'chai';
import { writeEvent } from '../../../hooks/io/events.ts';
import { paths } from '../../../hooks/io/paths.ts';
import { storeRecord } from '../../../hooks/io/record.ts';
import { coordinatorName, namespace, record } from '../builders.ts';
import { MemoryCluster } from '../memory-cluster.ts';
import { rejection } from '../rejection.ts';

const recordPath = paths.configMap(namespace, 'marblerun-coordinator-record');
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
