import { expect } from 'chai';
import { connect, type Cluster } from '../../../hooks/io/cluster.ts';
import { ClusterError } from '../../../hooks/io/cluster-error.ts';
import { rejection } from '../rejection.ts';
import { serve, type Answer, type TestServer } from '../server.ts';
import { TestClock } from '../test-clock.ts';

const path = '/api/v1/namespaces/shop/pods/web/log';

describe('a text of the API server', () => {
  let server: TestServer;
  let answer: Answer;
  let cluster: Cluster;

  beforeEach(async () => {
    server = await serve(() => answer);
    const credentials = { server: server.url, options: async () => await Promise.resolve({}) };
    const clock = new TestClock(60_000);
    cluster = connect({ credentials, clock, signal: clock.deadline.signal, onRetry: () => undefined });
  });
  afterEach(() => server.close());

  it('comes as it is', async () => {
    answer = { status: 200, body: 'one\ntwo\n' };
    expect(await cluster.text(path, { container: 'web' })).to.equal('one\ntwo\n');
    expect(server.received[0]).to.deep.include({ method: 'GET', path: `${path}?container=web` });
    expect(server.received[0]?.headers).to.have.property('accept', '*/*');
  });

  it('is asked for once only: it is never worth a wait', async () => {
    answer = { status: 500, body: { kind: 'Status', message: 'dial tcp 10.0.0.1:10250: i/o timeout' } };
    const error = await rejection(cluster.text(path));
    expect(error).to.be.instanceOf(ClusterError);
    expect(error.message).to.contain('i/o timeout');
    expect(server.received).to.have.lengthOf(1);
  });
});
