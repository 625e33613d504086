import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../../hooks/io/clock.ts';
import { connect } from '../../../hooks/io/cluster.ts';
import { findAccess } from '../../../hooks/io/credentials.ts';
import { proxyFor } from '../../../hooks/io/proxy.ts';
import { makeChain } from '../certificates.ts';
import { connectProxy } from '../connect-proxy.ts';
import { serve } from '../server.ts';

const proxy = 'http://proxy:3128';

/** The URL, NO_PROXY, whether the proxy is used. */
const cases: [string, string, boolean][] = [
  ['https://api.example:6443', '', true],
  ['https://api.example:6443', 'other.example, example.org', true],
  ['https://api.example:6443', 'api.example', false],
  ['https://api.example:6443', 'EXAMPLE', false],
  ['https://api.example:6443', '.example', false],
  ['https://example', '.example', true],
  ['https://api.example:6443', 'api.example:443', true],
  ['https://api.example', 'api.example:443', false],
  ['https://myapi.example', 'api.example', true],
  ['https://api.example', '*', false],
  ['https://10.1.2.3:6443', '10.0.0.0/8', false],
  ['https://11.1.2.3:6443', '10.0.0.0/8,nonsense/x', true],
  ['https://10.1.2.3', '10.1.2.3', false],
  ['https://[fd00::1]', 'fd00::/8', false],
  ['https://127.0.0.1:6443', '', false],
  ['https://localhost:6443', '', false],
  ['https://[::1]:6443', '', false],
];

describe('the proxy of the environment', () => {
  for (const [url, NO_PROXY, used] of cases) {
    it(`is ${used ? 'used' : 'passed by'} for ${url} where NO_PROXY is "${NO_PROXY}"`, () => {
      expect(proxyFor(url, { HTTPS_PROXY: proxy, NO_PROXY })).to.equal(used ? proxy : undefined);
    });
  }

  it('may be written in lower case, and without its scheme', () => {
    expect(proxyFor('https://api.example', { https_proxy: 'proxy:3128' })).to.equal(proxy);
    expect(proxyFor('http://api.example', { HTTPS_PROXY: proxy })).to.equal(undefined);
  });

  it('leads to an API server that only it reaches', async () => {
    const { key, root } = makeChain();
    const server = await serve(() => ({ status: 200, body: { kind: 'Node' } }), { key, cert: root });
    const through = await connectProxy(Number(new URL(server.url).port));
    const folder = await mkdtemp(join(tmpdir(), 'proxy-'));
    const cluster = { server: 'https://api.example:6443', 'insecure-skip-tls-verify': true };
    const config = {
      'current-context': 'far',
      clusters: [{ name: 'far', cluster }],
      contexts: [{ name: 'far', context: { cluster: 'far', user: 'me' } }],
      users: [{ name: 'me', user: {} }],
    };
    await writeFile(join(folder, 'kubeconfig'), JSON.stringify(config));
    const environment = { HTTPS_PROXY: through.url };
    const { credentials } = await findAccess(environment, { kubeconfig: join(folder, 'kubeconfig') });
    const signal = AbortSignal.timeout(5000);
    const far = connect({ credentials, clock: systemClock, signal, onRetry: () => undefined });
    expect(await far.get('/api/v1/nodes/a')).to.deep.equal({ kind: 'Node' });
    expect(through.asked).to.deep.equal(['api.example:6443']);
    through.close();
    await server.close();
    await rm(folder, { recursive: true });
  });
});
