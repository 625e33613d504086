import { once, type EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { connect, type AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { expect } from 'chai';
import { coordinatorThrough } from '../../../hooks/io/coordinator.ts';
import { agentThrough } from '../../../hooks/io/port-forward.ts';
import { makeChain } from '../certificates.ts';
import { rejection } from '../rejection.ts';
import { serve } from '../server.ts';

type Socket = EventEmitter & { send(data: Buffer): void; close(): void };
type Server = new (options: object) => EventEmitter;
const { WebSocketServer } = createRequire(import.meta.url)('ws') as { WebSocketServer: Server };

/** An API server that forwards every port to this one, as a kubelet frames it; port 1 is refused. */
async function apiServer(port: number): Promise<{ config: KubeConfig; asked: string[]; close: () => void }> {
  const server = createServer((_request, response) => response.writeHead(404).end());
  const asked: string[] = [];
  const header = (stream: number): Buffer => Buffer.of(stream, port & 255, port >> 8);
  new WebSocketServer({ server }).on('connection', (socket: Socket, request: { url: string }) => {
    asked.push(request.url);
    socket.send(header(0));
    socket.send(header(1));
    if (request.url.endsWith('ports=1')) {
      socket.send(Buffer.concat([Buffer.of(1), Buffer.from('connection refused')]));
      return;
    }
    const pod = connect(port, '127.0.0.1');
    socket.on('message', (frame: Buffer) => pod.write(frame.subarray(1)));
    socket.on('close', () => pod.destroy());
    pod.on('data', (bytes) => {
      socket.send(Buffer.concat([Buffer.of(0), bytes]));
    });
    pod.on('close', () => {
      socket.close();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const config = new KubeConfig();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config.loadFromClusterAndUser({ name: 'lab', server: url, skipTLSVerify: true }, { name: 'me' });
  return { config, asked, close: () => server.close() };
}

describe('agentThrough', () => {
  it('asks a Coordinator through the API server, with TLS that ends at the Coordinator', async () => {
    const { key, root } = makeChain();
    const pod = await serve(() => ({ status: 200, body: { data: { code: 2 } } }), { key, cert: root });
    const { config, asked, close } = await apiServer(Number(new URL(pod.url).port));
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

  it('says why the port is not forwarded', async () => {
    const { config, close } = await apiServer(1);
    const agent = agentThrough(config, { namespace: 'marblerun', pod: 'c-0', port: 1 });
    const error = await rejection(
      coordinatorThrough(agent, 'https://10.244.1.7:1').state(new AbortController().signal),
    );
    expect(error.message).to.match(/connection refused|disconnected/);
    agent.destroy();
    close();
  });
});
