/**
 * Loaded before a program (node --import): counts the HTTP requests that it makes, whatever module of its own makes
 * them. CALLS names a file that gets a line for each; KILL_AT, such as `12:before`, kills the process right before the
 * twelfth request is sent, or right after its answer has come whole (`after`; of a watch, its head).
 */
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import type { ClientRequest, IncomingMessage } from 'node:http';

const [at = '', moment] = (process.env.KILL_AT ?? '').split(':');
const file = process.env.CALLS;
let calls = 0;
let victim: ClientRequest | undefined;

subscribe('http.client.request.created', (message) => {
  const { request } = message as { request: ClientRequest };
  calls++;
  if (file !== undefined) appendFileSync(file, `${request.method} ${request.path}\n`);
  if (calls !== Number(at)) return;
  if (moment === 'before') die();
  victim = request;
});

subscribe('http.client.response.finish', (message) => {
  const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
  if (request !== victim) return;
  if (/[?&]watch=(1|true)\b/.test(request.path)) die();
  response.once('end', die);
});

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}
