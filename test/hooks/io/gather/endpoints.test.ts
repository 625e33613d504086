import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { expect } from 'chai';
import { gatherEndpoints } from '../../../../hooks/io/gather/endpoints.ts';
import { fingerprintOf, makeChain, type Chain } from '../../certificates.ts';
import { serve, type TestServer } from '../../server.ts';

describe('gatherEndpoints', () => {
  let chain: Chain;
  let client: TestServer;
  let mesh: Server;
  let meshUrl: string;
  const signal = new AbortController().signal;

  before(async () => {
    chain = makeChain();
    const tls = { key: chain.key, cert: chain.root };
    client = await serve(
      () => ({ status: 200, body: { data: { cert: chain.intermediate + chain.root } } }),
      tls,
    );
    // As the Coordinator's: a client without a certificate is refused, after the server has shown its own.
    mesh = createServer({ ...tls, requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2'] });
    mesh.listen(0, '127.0.0.1');
    await once(mesh, 'listening');
    meshUrl = `https://127.0.0.1:${(mesh.address() as AddressInfo).port}`;
  });
  after(async () => {
    await client.close();
    mesh.close();
  });

  it('sees the certificates of both APIs, and the chain with who signed whom', async () => {
    const seen = await gatherEndpoints({ client: client.url, mesh: meshUrl }, signal);
    const root = fingerprintOf(chain.root);
    expect(seen.client).to.have.nested.property('value.fingerprint', root);
    expect(seen.mesh).to.have.nested.property('value.fingerprint', root);
    const links = seen.chain.known ? seen.chain.value : [];
    expect(links.map(({ fingerprint, signed }) => [fingerprint, signed])).to.deep.equal([
      [fingerprintOf(chain.intermediate), true],
      [root, true],
    ]);
    expect(links[0]?.subject).to.equal('CN=MarbleRun Coordinator - Intermediate CA');
  });

  it('says of each why there is no answer', async () => {
    const closed = await serve(() => 'hangUp');
    await closed.close();
    const nowhere = closed.url.replace('http:', 'https:');
    const seen = await gatherEndpoints({ client: nowhere, mesh: nowhere }, signal);
    for (const part of [seen.client, seen.mesh, seen.chain]) {
      expect(part.known ? '' : part.why).to.contain('ECONNREFUSED');
    }
  });
});
