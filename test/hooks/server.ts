import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** One request as a server received it. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What is answered; `hangUp` closes the connection without an answer, `silence` keeps it open without one. */
export type Answer =
  { status: number; headers?: Record<string, string>; body?: unknown } | 'hangUp' | 'half' | 'silence';

/** A real HTTP server on 127.0.0.1 that answers by a function. */
export interface TestServer {
  url: string;
  received: Received[];
  close(): Promise<void>;
}

/** Starts one; HTTPS when it gets a key and certificate. */
export async function serve(
  answer: (request: Received) => Answer,
  tls?: { key: string; cert: string },
): Promise<TestServer> {
  const received: Received[] = [];
  const server: Server = tls === undefined ? createServer() : createSecureServer(tls);
  server.on('request', (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(request);
      const given = answer(request);
      if (given === 'silence') return;
      if (given === 'hangUp') {
        outgoing.destroy();
      } else if (given === 'half') {
        outgoing.writeHead(200, { 'content-length': '100' });
        outgoing.write('{"kind":');
        setImmediate(() => outgoing.destroy());
      } else {
        const { status, headers: extra = {}, body } = given;
        outgoing.writeHead(status, extra);
        outgoing.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body ?? {}));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    received,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
