import { expect } from 'chai';
import { connect, type Cluster } from '../../../hooks/io/cluster.ts';
import { ClusterError } from '../../../hooks/io/cluster-error.ts';
import { makeChain } from '../certificates.ts';
import { rejection } from '../rejection.ts';
import { serve, type Answer, type TestServer } from '../server.ts';
import { TestClock } from '../test-clock.ts';

describe('a server in the place of the API server', () => {
  let server: TestServer;
  let clock: TestClock;

  afterEach(() => server.close());

  async function reached(answer: Answer, tls?: { key: string; cert: string }): Promise<Cluster> {
    server = await serve(() => answer, tls);
    clock = new TestClock(5000);
    return connect({
      credentials: { server: server.url, options: () => Promise.resolve({}) },
      ...{ clock, signal: clock.deadline.signal, onRetry: () => undefined },
    });
  }

  it('is named where it answers with a page to log in, and is not asked again', async () => {
    const cluster = await reached({ status: 200, body: '<html>Log in</html>' });
    const error = await rejection(cluster.get('/api/v1/nodes/a'));
    expect(error).to.be.instanceOf(ClusterError).and.to.include({ kind: 'refused' });
    expect(error.message).to.match(/^GET \/api\/v1\/nodes\/a: http:\S+ answered with what is no JSON/);
    expect(server.received).to.have.lengthOf(1);
  });

  it('is told from one that is down by its certificate, at once and without what Node advises', async () => {
    const { key, root } = makeChain();
    const cluster = await reached({ status: 200 }, { key, cert: root });
    const error = await rejection(cluster.get('/api/v1/nodes/a'));
    expect(error).to.be.instanceOf(ClusterError).and.to.include({ kind: 'untrusted' });
    expect(clock.sleeps).to.deep.equal([]);
    const { message } = error;
    expect(message).to.match(/its certificate is not of the authority that the credentials name \(.+\)/);
    expect(message).not.to.contain('Node.js');
  });

  it('does not know credentials that have expired, or are for another cluster', async () => {
    const cluster = await reached({ status: 401, body: { message: 'Unauthorized' } });
    const { message } = await rejection(cluster.get('/api/v1/nodes/a'));
    expect(message).to.match(/401: Unauthorized; the credentials have expired, or are for another cluster$/);
  });
});
