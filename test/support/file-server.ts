import { createReadStream } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { basename, join } from 'node:path';

/** Serves the files of a folder over HTTP, as a chart repository is served. */
export function fileServer(folder: string): Server {
  return createServer((request, response) => {
    const file = createReadStream(join(folder, basename(request.url ?? '')));
    file.once('open', () => file.pipe(response));
    file.once('error', () => response.writeHead(404).end());
  });
}
