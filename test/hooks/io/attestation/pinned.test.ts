import { X509Certificate } from 'node:crypto';
import { Agent } from 'node:https';
import { expect } from 'chai';
import { pinnedTo } from '../../../../hooks/io/attestation/pinned.ts';
import { send } from '../../../../hooks/io/http.ts';
import { makeChain, type Chain } from '../../certificates.ts';
import { rejection } from '../../rejection.ts';
import { serve, type TestServer } from '../../server.ts';

describe('pinnedTo', () => {
  let coordinator: Chain;
  let server: TestServer;
  let agent: Agent;

  before(async () => {
    coordinator = makeChain();
    server = await serve(() => ({ status: 200 }), { key: coordinator.key, cert: coordinator.root });
  });
  beforeEach(() => {
    agent = new Agent({ keepAlive: true });
    server.received.length = 0;
  });
  afterEach(() => {
    agent.destroy();
  });
  after(() => server.close());

  const upload = (url: string, root: string) =>
    send({
      url,
      method: 'POST',
      body: 'secret',
      agent,
      rejectUnauthorized: false,
      peer: pinnedTo(new X509Certificate(root)),
      timeoutMilliseconds: 5000,
    });

  it('lets requests through to the owner of the root, on a new connection and on a kept one', async () => {
    await upload(server.url, coordinator.root);
    await upload(server.url, coordinator.root);
    expect(server.received.map(({ body }) => body)).to.deep.equal(['secret', 'secret']);
  });

  it('sends nothing to anybody else, on a new connection and on a kept one', async () => {
    const { root: other } = makeChain();
    const onNew = await rejection(upload(server.url, other));
    expect(onNew.message).to.match(/another certificate.*nothing was sent/);
    await upload(server.url, coordinator.root);
    await rejection(upload(server.url, other));
    expect(server.received).to.have.length(1);
  });

  it('lets requests through on connections of their own, which resume no TLS session', async () => {
    agent = new Agent({ keepAlive: false });
    for (const time of [1, 2, 3]) {
      await upload(server.url, coordinator.root);
      expect(server.received).to.have.length(time);
    }
  });

  it('sends nothing to who shows the root behind a certificate of his own, however often it is tried', async () => {
    const other = makeChain();
    const between = await serve(() => ({ status: 200 }), {
      key: other.key,
      cert: `${other.root}${coordinator.root}`,
    });
    // Opens a connection, which is kept.
    await send({
      url: between.url,
      method: 'GET',
      agent,
      rejectUnauthorized: false,
      peer: () => undefined,
      timeoutMilliseconds: 5000,
    });
    for (let time = 0; time < 3; time += 1) await rejection(upload(between.url, coordinator.root));
    expect(between.received.map(({ method }) => method)).to.deep.equal(['GET']);
    await between.close();
  });

  it('sends nothing to who has a certificate that the root signed, as Marbles do', async () => {
    const marble = await serve(() => ({ status: 200 }), {
      key: coordinator.intermediateKey,
      cert: coordinator.intermediate,
    });
    await rejection(upload(marble.url, coordinator.root));
    expect(marble.received).to.deep.equal([]);
    await marble.close();
  });

  it('sends nothing over a connection that is not encrypted', async () => {
    const plain = await serve(() => ({ status: 200 }));
    const error = await rejection(
      send({
        url: plain.url,
        method: 'POST',
        body: 'secret',
        peer: pinnedTo(new X509Certificate(coordinator.root)),
        timeoutMilliseconds: 5000,
      }),
    );
    expect(error.message).to.contain('not encrypted');
    expect(plain.received).to.deep.equal([]);
    await plain.close();
  });
});
