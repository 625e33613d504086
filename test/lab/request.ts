/**
 * Sends one HTTPS request and prints the answer as JSON: request.ts METHOD URL, with a Content as JSON on stdin. The
 * mesh runs it inside the lab's network, which its own process is not in.
 */
import { request } from 'node:https';
import { text } from 'node:stream/consumers';

/** What is sent, and who sends it. */
export interface Content {
  readonly body: string;
  /** Certificate and private key of a user of the Manifest, in PEM. */
  readonly user?: { readonly certificate: string; readonly privateKey: string } | undefined;
}

const [method = 'GET', url = ''] = process.argv.slice(2);
const { body, user } = JSON.parse(await text(process.stdin)) as Content;
const identity = user === undefined ? {} : { cert: user.certificate, key: user.privateKey };
// A Coordinator's certificate is its own; what it serves is checked by what it says.
const options = { method, rejectUnauthorized: false, timeout: 10_000, ...identity };
const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
  const sent = request(url, options, (response) => {
    text(response).then((content) => {
      resolve({ status: response.statusCode ?? 0, body: content });
    }, reject);
  });
  sent.on('timeout', () => sent.destroy(new Error('no answer within 10 s')));
  sent.on('error', reject);
  sent.end(body);
});
process.stdout.write(JSON.stringify(answer));
