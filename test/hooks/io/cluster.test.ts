import { expect } from 'chai';
import { DeadlineError } from '../../../hooks/io/wait.ts';
import { connect, type Cluster } from '../../../hooks/io/cluster.ts';
import { ClusterError, type ClusterErrorKind } from '../../../hooks/io/cluster-error.ts';
import { rejection } from '../rejection.ts';
import { serve, type Answer, type Received, type TestServer } from '../server.ts';
import { TestClock } from '../test-clock.ts';

const deployments = '/apis/apps/v1/namespaces/shop/deployments';

/** What the API server answers (Kubernetes API: Status). */
const status = (code: number, reason: string, message: string, more = {}): Answer => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, ...more },
});

describe('connect', () => {
  let server: TestServer;
  let answers: Answer[];
  let clock: TestClock;
  let retries: string[];
  let cluster: Cluster;
  let tokens: number;

  beforeEach(async () => {
    answers = [];
    retries = [];
    tokens = 0;
    clock = new TestClock(60_000);
    server = await serve(() => answers.shift() ?? { status: 200, body: { metadata: { name: 'web' } } });
    cluster = connect({
      credentials: {
        server: server.url,
        options: async () => await Promise.resolve({ headers: { authorization: `Bearer ${++tokens}` } }),
      },
      clock,
      signal: clock.deadline.signal,
      onRetry: (problem) => void retries.push(problem),
    });
  });
  afterEach(() => server.close());

  const last = (): Received | undefined => server.received.at(-1);

  it('gets an object and asks for fresh credentials each time', async () => {
    expect(await cluster.get(`${deployments}/web`)).to.deep.equal({ metadata: { name: 'web' } });
    await cluster.get(`${deployments}/web`);
    expect(server.received.map(({ headers }) => headers.authorization)).to.deep.equal([
      'Bearer 1',
      'Bearer 2',
    ]);
    expect(last()).to.deep.include({ method: 'GET', path: `${deployments}/web`, body: '' });
    expect(last()?.headers).to.have.property('accept', 'application/json');
  });

  it('answers undefined for an object that is not there', async () => {
    answers = [status(404, 'NotFound', 'deployments.apps "web" not found')];
    expect(await cluster.get(`${deployments}/web`)).to.equal(undefined);
  });

  it('lists page by page until there is no token', async () => {
    answers = [
      { status: 200, body: { metadata: { continue: 'to=ken/1' }, items: [{ n: 1 }, { n: 2 }] } },
      { status: 200, body: { metadata: { continue: 'token2' }, items: [{ n: 3 }] } },
      { status: 200, body: { metadata: { continue: '' }, items: [{ n: 4 }] } },
    ];
    const items = await cluster.list(deployments, { labelSelector: 'a=b,c' });
    expect(items).to.deep.equal([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
    const queries = server.received.map(({ path }) =>
      Object.fromEntries(new URL(path, server.url).searchParams),
    );
    expect(queries).to.deep.equal([
      { labelSelector: 'a=b,c', limit: '500' },
      { labelSelector: 'a=b,c', limit: '500', continue: 'to=ken/1' },
      { labelSelector: 'a=b,c', limit: '500', continue: 'token2' },
    ]);
  });

  it('takes a list of metadata that is null for an empty one', async () => {
    answers = [{ status: 200, body: { metadata: {}, items: null } }];
    expect(await cluster.list(deployments, {}, true)).to.deep.equal([]);
  });

  it('keeps of each object what is picked, and takes pages as large as it is told', async () => {
    answers = [
      { status: 200, body: { metadata: { continue: 'next' }, items: [{ n: 1 }, { n: 2 }] } },
      { status: 200, body: { metadata: {}, items: null } },
    ];
    const picked = await cluster.list(deployments, { limit: 2 }, false, ({ n }: { n: number }) => n * 10);
    expect(picked).to.deep.equal([10, 20]);
    expect(
      server.received.map(({ path }) => new URL(path, server.url).searchParams.get('limit')),
    ).to.deep.equal(['2', '2']);
  });

  it('starts a list anew when its token has expired in the meantime', async () => {
    answers = [
      { status: 200, body: { metadata: { continue: 'old' }, items: [{ n: 1 }] } },
      status(410, 'Expired', 'The provided continue parameter is too old'),
      { status: 200, body: { metadata: { continue: 'new' }, items: [{ n: 1 }, { n: 2 }] } },
      { status: 200, body: { metadata: {}, items: [{ n: 3 }] } },
    ];
    expect(await cluster.list(deployments)).to.deep.equal([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(
      server.received.map(({ path }) => new URL(path, server.url).searchParams.get('continue')),
    ).to.deep.equal([null, 'old', null, 'new']);
    expect(clock.sleeps).to.deep.equal([]);
  });

  it('hands on an expiry that no token explains', async () => {
    answers = [status(410, 'Expired', 'too old')];
    expect((await clusterErrorOf(cluster.list(deployments))).kind).to.equal('expired');
    expect(server.received).to.have.length(1);
  });

  it('lists nothing', async () => {
    answers = [{ status: 200, body: { metadata: {}, items: [] } }];
    expect(await cluster.list(deployments)).to.deep.equal([]);
  });

  it('asks for metadata only on every page', async () => {
    answers = [
      { status: 200, body: { metadata: { continue: 'next' }, items: [] } },
      { status: 200, body: { metadata: {}, items: [] } },
    ];
    await cluster.list(deployments, {}, true);
    for (const { headers } of server.received) {
      expect(headers.accept).to.equal('application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1');
    }
  });

  it('creates with its own field manager', async () => {
    answers = [{ status: 201, body: { metadata: { name: 'made' } } }];
    expect(await cluster.create(deployments, { kind: 'Deployment' })).to.deep.equal({
      metadata: { name: 'made' },
    });
    expect(last()).to.deep.include({ method: 'POST', path: `${deployments}?fieldManager=marblerun-hooks` });
    expect(JSON.parse(last()?.body ?? '')).to.deep.equal({ kind: 'Deployment' });
    expect(last()?.headers).to.have.property('content-type', 'application/json');
  });

  it('patches with the type’s content type, and with another manager when told', async () => {
    await cluster.patch(`${deployments}/web`, 'merge', { spec: null });
    expect(last()).to.deep.include({
      method: 'PATCH',
      path: `${deployments}/web?fieldManager=marblerun-hooks`,
      body: '{"spec":null}',
    });
    expect(last()?.headers).to.have.property('content-type', 'application/merge-patch+json');
    await cluster.patch(`${deployments}/web`, 'apply', {}, { fieldManager: 'helm', dryRun: 'All' });
    expect(last()?.path).to.equal(`${deployments}/web?fieldManager=helm&dryRun=All`);
    expect(last()?.headers).to.have.property('content-type', 'application/apply-patch+yaml');
  });

  it('deletes, and is content when there is nothing to delete', async () => {
    await cluster.delete(`${deployments}/web`);
    expect(last()).to.deep.include({ method: 'DELETE', path: `${deployments}/web` });
    answers = [status(404, 'NotFound', 'not found')];
    await cluster.delete(`${deployments}/web`, { propagationPolicy: 'Foreground' });
    expect(last()?.path).to.equal(`${deployments}/web?propagationPolicy=Foreground`);
  });

  const refusals: [number, string, ClusterErrorKind][] = [
    [401, 'Unauthorized', 'unauthorized'],
    [403, 'Forbidden', 'forbidden'],
    [404, 'NotFound', 'not-found'],
    [409, 'Conflict', 'conflict'],
    [400, 'BadRequest', 'refused'],
    [410, 'Expired', 'expired'],
    [422, 'Invalid', 'refused'],
  ];
  for (const [code, reason, kind] of refusals) {
    it(`does not repeat what is answered with ${code}, and calls it ${kind}`, async () => {
      answers = [status(code, reason, `why ${code}`)];
      const error = await clusterErrorOf(cluster.patch(`${deployments}/web`, 'merge', {}));
      expect(error.kind).to.equal(kind);
      expect(error.message).to.match(/^PATCH \/apis\/apps\/v1\/namespaces\/shop\/deployments\/web/);
      expect(error.message).to.contain(`the API server answered ${code}: why ${code}`);
      expect(server.received).to.have.length(1);
      expect(clock.sleeps).to.deep.equal([]);
    });
  }

  it('hands on the causes of a conflict', async () => {
    const causes = [
      {
        reason: 'FieldManagerConflict',
        message: 'conflict with "kubectl-set" using apps/v1',
        field: '.spec.template.spec.containers[name="coordinator"].image',
      },
    ];
    answers = [status(409, 'Conflict', 'Apply failed with 1 conflict', { details: { causes } })];
    const error = await clusterErrorOf(cluster.patch(`${deployments}/web`, 'apply', {}));
    expect(error.causes).to.deep.equal(causes);
  });

  it('quotes an answer that is no JSON', async () => {
    answers = [{ status: 403, body: '<html>proxy says no</html>' }];
    const error = await clusterErrorOf(cluster.get(`${deployments}/web`));
    expect(error.message).to.contain('answered 403: <html>proxy says no</html>');
  });

  it('tries again after a server error, and says so', async () => {
    answers = [
      status(503, 'ServiceUnavailable', 'apiserver not ready'),
      status(500, 'InternalError', 'etcd'),
    ];
    await cluster.get(`${deployments}/web`);
    expect(server.received).to.have.length(3);
    expect(clock.sleeps).to.deep.equal([250, 500]);
    expect(retries[0]).to.match(/answered 503: apiserver not ready; trying again$/);
  });

  it('waits as long as Retry-After says', async () => {
    answers = [
      { status: 429, headers: { 'retry-after': '7' }, body: { message: 'slow down' } },
      { status: 503, headers: { 'retry-after': 'Tue, 24 Nov 2026 12:00:00 GMT' }, body: '' },
    ];
    await cluster.get(`${deployments}/web`);
    expect(clock.sleeps).to.deep.equal([7000, 500]);
  });

  it('waits longer each time, but never more than five seconds', async () => {
    answers = Array.from({ length: 8 }, () => 'hangUp' as const);
    await cluster.get(`${deployments}/web`);
    expect(clock.sleeps).to.deep.equal([250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
  });

  it('repeats a write with the same body', async () => {
    answers = ['hangUp', { status: 502, body: '' }];
    await cluster.patch(`${deployments}/web`, 'merge', { spec: { paused: false } });
    expect(new Set(server.received.map(({ body }) => body))).to.deep.equal(
      new Set(['{"spec":{"paused":false}}']),
    );
  });

  it('gives up at the deadline and says what it was trying', async () => {
    await server.close();
    const error = await clusterErrorOf(cluster.get(`${deployments}/web`));
    expect(error.kind).to.equal('unreachable');
    expect(error.message).to.match(
      /^GET \/apis.*\/web: the API server at http:\/\/127.*cannot be reached: .*ECONNREFUSED.*; the time is up first$/,
    );
    server = await serve(() => ({ status: 200 }));
  });

  it('does not try again without usable credentials, and sends nothing', async () => {
    const blind = connect({
      credentials: {
        server: server.url,
        options: async () => await Promise.reject(new Error('token: ENOENT')),
      },
      clock,
      signal: clock.deadline.signal,
      onRetry: (problem) => void retries.push(problem),
    });
    const error = await clusterErrorOf(blind.get(`${deployments}/web`));
    expect(error.kind).to.equal('unauthorized');
    expect(error.message).to.match(/^GET .*: there are no usable credentials: token: ENOENT$/);
    expect([retries, clock.sleeps, server.received]).to.deep.equal([[], [], []]);
  });

  it('does not try again once it is stopped', async () => {
    clock.deadline.abort(new Error('stopped by SIGTERM'));
    const error = await rejection(cluster.get(`${deployments}/web`));
    expect(error).to.be.instanceOf(DeadlineError);
    expect(error.message).to.equal(`GET ${deployments}/web: stopped by SIGTERM before an answer`);
    expect(clock.sleeps).to.deep.equal([]);
  });
});

async function clusterErrorOf(promise: Promise<unknown>): Promise<ClusterError> {
  const error = await rejection(promise);
  if (error instanceof ClusterError) return error;
  throw error;
}
