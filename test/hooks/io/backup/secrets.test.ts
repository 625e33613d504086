import { expect } from 'chai';
import { seeCopies } from '../../../../hooks/io/backup/secrets.ts';
import { connect } from '../../../../hooks/io/cluster.ts';
import { TestClock } from '../../test-clock.ts';
import { serve } from '../../server.ts';

describe('the copies that are seen', () => {
  it('are asked for in one request, which leaves the state where it is', async () => {
    const annotations = { 'marblerun-hooks/backup-time': 'then', 'marblerun-hooks/node': 'sgx-1' };
    const items = [{ metadata: { name: 'copy-1', annotations } }, { metadata: { name: 'copy-2' } }];
    const server = await serve(() => ({ status: 200, body: { metadata: {}, items } }));
    const clock = new TestClock(1000);
    const credentials = { server: server.url, options: async () => await Promise.resolve({}) };
    const cluster = connect({ credentials, clock, signal: clock.deadline.signal, onRetry: () => undefined });
    expect(await seeCopies(cluster, 'marblerun')).to.deep.equal([
      { secret: 'copy-1', time: 'then', coordinatorVersion: '', node: 'sgx-1' },
      { secret: 'copy-2', time: '', coordinatorVersion: '', node: '' },
    ]);
    await server.close();
    expect(server.received).to.have.lengthOf(1);
    expect(server.received[0]?.path).to.contain(
      'labelSelector=app.kubernetes.io%2Fcomponent%3Dcoordinator-backup',
    );
    expect(server.received[0]?.headers.accept).to.contain('as=PartialObjectMetadataList');
  });
});
