/**
 * What waves of restarts need at least: waves.ts NAMESPACE SIZE, run inside a lab's network with KUBECONFIG. Restarts
 * every Deployment of the namespace, SIZE at a time and each until it has rolled out, and does nothing else: one list,
 * one watch, one patch for each. Prints the milliseconds that it took.
 */
import { request } from 'node:https';
import { createInterface } from 'node:readline';
import { deploymentStatus } from '../../hooks/core/status/deployment.ts';
import type { Deployment } from '../../hooks/core/objects.ts';
import { administrator, clusterAs } from '../placement/api.ts';

const [namespace = '', size = '5'] = process.argv.slice(2);
const credentials = administrator(process.env.KUBECONFIG ?? '');
const cluster = clusterAs(credentials);
const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const restartedAt = new Date().toISOString();
/** What waits for a Deployment, and for which generation of it. */
const waiting = new Map<string, { generation: number; done: () => void }>();
const newest = new Map<string, Deployment>();

const startedAt = performance.now();
const names = (await cluster.list<Deployment>(path)).map(({ metadata }) => metadata.name);
await follow();
await Promise.all(
  Array.from({ length: Number(size) }, async () => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) await restart(name);
  }),
);
console.log(performance.now() - startedAt);
process.exit(0);

async function restart(name: string): Promise<void> {
  const template = { metadata: { annotations: { 'proof/restarted-at': restartedAt } } };
  const patched = await cluster.patch<Deployment>(`${path}/${name}`, 'merge', { spec: { template } });
  await new Promise<void>((done) => {
    waiting.set(name, { generation: patched.metadata.generation ?? 0, done });
    const seen = newest.get(name);
    if (seen !== undefined) take(seen);
  });
}

async function follow(): Promise<void> {
  const options = await credentials.options();
  await new Promise<void>((resolve, reject) => {
    const outgoing = request(`${credentials.server}${path}?watch=1`, options, (answer) => {
      createInterface({ input: answer }).on('line', (line) => {
        take((JSON.parse(line) as { object: Deployment }).object);
      });
      resolve();
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

function take(deployment: Deployment): void {
  const { name, generation = 0 } = deployment.metadata;
  newest.set(name, deployment);
  const waiter = waiting.get(name);
  if (waiter === undefined || generation < waiter.generation || !deploymentStatus(deployment).done) return;
  waiting.delete(name);
  waiter.done();
}
