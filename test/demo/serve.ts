/** Serves a folder over HTTP on loopback, as a chart repository is served: serve.ts FOLDER PORT. */
import { fileServer } from '../support/file-server.ts';

const [folder = '.', port = '8879'] = process.argv.slice(2);

fileServer(folder).listen(Number(port), '127.0.0.1');
