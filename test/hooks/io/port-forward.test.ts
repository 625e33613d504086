import { expect } from 'chai';
import { coordinatorThrough } from '../../../hooks/io/coordinator.ts';
import { agentThrough } from '../../../hooks/io/port-forward.ts';
import { makeChain } from '../certificates.ts';
import { connectProxy } from '../connect-proxy.ts';
import { forwardingServer } from '../forwarding-server.ts';
import { rejection } from '../rejection.ts';
import { serve } from '../server.ts';

describe('agentThrough', () => {
  it('asks a Coordinator through the API server, with TLS that ends at the Coordinator', async () => {
    const { key, root } = makeChain();
    const pod = await serve(() => ({ status: 200, body: { data: { code: 2 } } }), { key, cert: root });
    const { config, asked, close } = await forwardingServer(Number(new URL(pod.url).port));
    const agent = agentThrough(config, { namespace: 'marblerun', pod: 'c-0', port: 4433 });
    const { signal } = new AbortController();
    const coordinator = coordinatorThrough(agent, 'https://10.244.1.7:4433');
    expect(await coordinator.state(signal)).to.equal(2);
    expect(await coordinator.facts(signal)).to.deep.equal({ state: 2 });
    expect(asked).to.deep.equal(['/api/v1/namespaces/marblerun/pods/c-0/portforward?ports=4433']);
    agent.destroy();
    close();
    await pod.close();
  });

  it('goes through the proxy that the kubeconfig names', async () => {
    const { key, root } = makeChain();
    const tls = { key, cert: root };
    const pod = await serve(() => ({ status: 200, body: { data: { code: 2 } } }), tls);
    const server = await forwardingServer(Number(new URL(pod.url).port), undefined, tls);
    const [cluster] = server.config.getClusters();
    const proxy = await connectProxy(Number(new URL(cluster?.server ?? '').port));
    const far = { name: 'far', server: 'https://api.example:6443', skipTLSVerify: true, proxyUrl: proxy.url };
    server.config.loadFromClusterAndUser(far, { name: 'me' });
    const agent = agentThrough(server.config, { namespace: 'marblerun', pod: 'c-0', port: 4433 });
    const coordinator = coordinatorThrough(agent, 'https://10.244.1.7:4433');
    expect(await coordinator.state(new AbortController().signal)).to.equal(2);
    expect(proxy.asked).to.deep.equal(['api.example:6443']);
    agent.destroy();
    proxy.close();
    server.close();
    await pod.close();
  });

  it('says why the port is not forwarded', async () => {
    const { config, close } = await forwardingServer(1);
    const agent = agentThrough(config, { namespace: 'marblerun', pod: 'c-0', port: 1 });
    const error = await rejection(
      coordinatorThrough(agent, 'https://10.244.1.7:1').state(new AbortController().signal),
    );
    expect(error.message).to.match(/connection refused|disconnected/);
    agent.destroy();
    close();
  });
});
