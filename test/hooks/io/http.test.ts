import { expect } from 'chai';
import { send } from '../../../hooks/io/http.ts';
import { rejection } from '../rejection.ts';
import { serve, type Answer, type TestServer } from '../server.ts';

describe('send', () => {
  let server: TestServer;
  let answer: Answer;

  before(async () => {
    server = await serve(() => answer);
  });
  after(() => server.close());

  it('resolves with status, headers and the whole body, whatever the status', async () => {
    answer = { status: 418, headers: { 'x-kind': 'pot' }, body: 'é'.repeat(100_000) };
    const response = await send({ url: `${server.url}/tea`, method: 'GET', timeoutMilliseconds: 5000 });
    expect(response.status).to.equal(418);
    expect(response.headers['x-kind']).to.equal('pot');
    expect(response.body).to.have.length(100_000);
  });

  it('sends method, path, headers and body', async () => {
    answer = { status: 200 };
    await send({
      url: `${server.url}/a?b=c`,
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: '{"é":1}',
      timeoutMilliseconds: 5000,
    });
    expect(server.received.at(-1)).to.deep.include({ method: 'PATCH', path: '/a?b=c', body: '{"é":1}' });
    expect(server.received.at(-1)?.headers).to.have.property('content-type', 'application/merge-patch+json');
  });

  it('rejects when the connection is closed without an answer', async () => {
    answer = 'hangUp';
    const error = await rejection(send({ url: server.url, method: 'GET', timeoutMilliseconds: 5000 }));
    expect(error.message).to.match(/hang up|ECONNRESET/);
  });

  it('rejects when the connection breaks in the middle of the answer', async () => {
    answer = 'half';
    await rejection(send({ url: server.url, method: 'GET', timeoutMilliseconds: 5000 }));
  });

  it('rejects when nobody listens', async () => {
    const closed = await serve(() => ({ status: 200 }));
    await closed.close();
    const error = await rejection(send({ url: closed.url, method: 'GET', timeoutMilliseconds: 5000 }));
    expect(error.message).to.contain('ECONNREFUSED');
  });

  it('says how long it waited when no answer comes in time', async () => {
    answer = 'silence';
    const error = await rejection(send({ url: server.url, method: 'GET', timeoutMilliseconds: 50 }));
    expect(error.message).to.equal('no answer within 0.05 s');
  });

  it('stops when the caller stops', async () => {
    answer = 'silence';
    const stop = new AbortController();
    const sent = send({ url: server.url, method: 'GET', timeoutMilliseconds: 5000, signal: stop.signal });
    setImmediate(() => {
      stop.abort();
    });
    expect((await rejection(sent)).name).to.equal('AbortError');
  });
});
