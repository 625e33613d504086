import { once, type EventEmitter } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createRequire } from 'node:module';
import { connect, type AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';

type Socket = EventEmitter & { send(data: Buffer): void; close(): void };
type Server = new (options: object) => EventEmitter;
const { WebSocketServer } = createRequire(import.meta.url)('ws') as { WebSocketServer: Server };

/** An API server that forwards every port to this one, as a kubelet frames it; port 1 is refused. It has no objects of its own. */
export async function forwardingServer(
  port: number,
  answer: RequestListener = (_request, response) => response.writeHead(404).end(),
  tls?: { key: string; cert: string },
): Promise<{ config: KubeConfig; asked: string[]; close: () => void }> {
  const server = tls === undefined ? createServer(answer) : createSecureServer(tls, answer);
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
  const url = `http${tls === undefined ? '' : 's'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config.loadFromClusterAndUser({ name: 'lab', server: url, skipTLSVerify: true }, { name: 'me' });
  return { config, asked, close: () => server.close() };
}
