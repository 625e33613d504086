import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The proxy of an API server, in front of a Coordinator. */
export interface ApiServer {
  /** A kubeconfig that leads to it. */
  kubeconfig: string;
  /** What was asked, as paths. */
  received: string[];
  close(): Promise<void>;
}

const service = '/api/v1/namespaces/marblerun/services/https:coordinator-client-api:http/proxy';

/**
 * Forwards what is asked of the Coordinator's Service as an API server does (services/proxy), and has no other objects.
 * `status` answers all of it with an error instead.
 */
export async function apiServerFor(coordinator: string, status?: number): Promise<ApiServer> {
  const received: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '';
    received.push(path);
    if (!path.startsWith(service) || status !== undefined) {
      outgoing
        .writeHead(status ?? 404)
        .end(JSON.stringify({ kind: 'Status', message: 'services is refused' }));
      return;
    }
    const options = { rejectUnauthorized: false, agent: false };
    request(coordinator + path.slice(service.length), options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500);
      answer.pipe(outgoing);
    }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  const kubeconfig = join(folder, 'config');
  await writeFile(kubeconfig, JSON.stringify(configFor((server.address() as AddressInfo).port)));
  return {
    kubeconfig,
    received,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

function configFor(port: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [
      { name: 'test', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } },
    ],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'me' } }],
    users: [{ name: 'me', user: { token: 'the-token' } }],
  };
}
