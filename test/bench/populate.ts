/**
 * Fills a cluster with objects that nobody runs: populate.ts SPEC, where SPEC is JSON of {@link Population}. Run inside a
 * lab's network, with KUBECONFIG. Many requests are in flight at once over kept connections, for kubectl would take an
 * hour.
 */
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import type { Kubeconfig, Population } from './population.ts';
import { objectsOf } from './population.ts';

const inFlight = 48;

const kubeconfig = parse(await readFile(process.env.KUBECONFIG ?? '', 'utf8')) as Kubeconfig;
const [{ cluster } = { cluster: undefined }] = kubeconfig.clusters;
const [{ user } = { user: undefined }] = kubeconfig.users;
if (cluster === undefined || user === undefined) throw new Error('the kubeconfig names no cluster or user');
const { server } = cluster;
const agent = new Agent({
  keepAlive: true,
  maxSockets: inFlight,
  ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
});
const headers = { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' };

async function create(path: string, object: object): Promise<void> {
  const { status, body } = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sent = request(
      `${server}${path}?fieldValidation=Ignore`,
      { method: 'POST', agent, headers },
      (answer) => {
        text(answer).then((said) => {
          resolve({ status: answer.statusCode ?? 0, body: said });
        }, reject);
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(object));
  });
  // What is there already stays as it is.
  if (status >= 300 && status !== 409)
    throw new Error(`POST ${path} answered ${status}: ${body.slice(0, 300)}`);
}

const population = JSON.parse(process.argv[2] ?? '') as Population;
for (const group of objectsOf(population)) {
  const worker = async (): Promise<void> => {
    for (let next = group.next(); next.done !== true; next = group.next()) {
      await create(next.value.path, next.value.object);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}
agent.destroy();
