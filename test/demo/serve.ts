/** Serves a folder over HTTP on loopback, as a chart repository is served: serve.ts FOLDER PORT. */
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

const [folder = '.', port = '8879'] = process.argv.slice(2);

createServer((request, response) => {
  const file = createReadStream(join(folder, basename(request.url ?? '')));
  file.once('open', () => file.pipe(response));
  file.once('error', () => response.writeHead(404).end());
}).listen(Number(port), '127.0.0.1');
