import { execa } from 'execa';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** An HTTPS server on loopback that answers as the API server of a namespace without a Coordinator does. */
export interface EmptyApiServer {
  port: number;
  /** When the last process' first request came in, in milliseconds since the epoch; NaN when none came. */
  firstRequestAt(): number;
  forget(): void;
  close(): void;
}

/** Starts it, and leaves `ca.crt` and `token` in the folder as a pod's ServiceAccount has them. */
export async function startEmptyApiServer(folder: string): Promise<EmptyApiServer> {
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'ca.crt');
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  await execa('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    key,
    '-out',
    certificate,
    ...names,
  ]);
  let first = NaN;
  const server: Server = createServer(
    { key: await readFile(key), cert: await readFile(certificate) },
    (request, response) => {
      if (Number.isNaN(first)) first = Date.now();
      const isList = request.url?.includes('limit=') === true;
      response.writeHead(request.method === 'POST' ? 201 : isList ? 200 : 404, {
        'content-type': 'application/json',
      });
      response.end(isList ? '{"items":[],"metadata":{}}' : '{"message":"not found"}');
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    firstRequestAt: () => first,
    forget: () => {
      first = NaN;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
