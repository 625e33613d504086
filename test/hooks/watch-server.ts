import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One part of what a watch sends: an event, bytes as they are, or how it ends: `end` or `reset`. */
export type Part = object | string;

/** An API server that plays watches: each request gets the next script, then silence. */
export interface WatchServer {
  url: string;
  /** Path and query of each request. */
  requests: URL[];
  close(): Promise<void>;
}

/** Starts one; a script is a list of parts, or a status to refuse with. */
export async function serveWatches(scripts: (Part[] | number)[]): Promise<WatchServer> {
  const requests: URL[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://server');
    requests.push(url);
    if (url.searchParams.get('watch') === null) {
      response.end(JSON.stringify({ metadata: { resourceVersion: '900' }, items: [] }));
      return;
    }
    const script = scripts.shift() ?? [];
    if (typeof script === 'number') {
      response.writeHead(script);
      response.end(JSON.stringify({ kind: 'Status', code: script, message: 'no' }));
      return;
    }
    response.writeHead(200);
    response.flushHeaders();
    for (const part of script) play(response, part);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function play(response: ServerResponse, part: Part): void {
  if (part === 'end') response.end();
  else if (part === 'reset') setTimeout(() => response.destroy(), 20);
  else response.write(typeof part === 'string' ? part : `${JSON.stringify(part)}\n`);
}

/** An event about a Deployment, as the API server writes it. */
export function event(type: string, name: string, resourceVersion: string): object {
  return { type, object: { metadata: { name, namespace: 'shop', resourceVersion } } };
}
