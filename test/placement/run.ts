import { createInterface } from 'node:readline';
import type { Cluster } from '../../hooks/io/cluster.ts';
import type { HookFiles } from '../../hooks/io/settings.ts';
import { paths } from '../../hooks/io/paths.ts';
import { administrator, clusterAs, PodWatch } from './api.ts';
import { generate, sharedClaim } from './generate.ts';
import { play, type Stage } from './play.ts';
import type { Namespaces } from './scenario.ts';
import { provide } from './storage.ts';
import { runtimeClasses } from './wrinkles-runtime.ts';
import { bound, storageClasses } from './wrinkles-volume.ts';

/**
 * Plays scenarios inside the lab's network: run.ts WORKERS, with the chart's rendered files and then one seed a line on stdin.
 * Prints what became of each as a line of JSON.
 */
const workers = Number(process.argv[2] ?? '8');
const credentials = administrator(process.env.KUBECONFIG ?? '');
const stage: Stage = { cluster: clusterAs(credentials), watch: await PodWatch.start(credentials) };
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const files = JSON.parse((await lines.next()).value ?? '') as HookFiles;
await makeShared(stage.cluster);
await Promise.all(
  Array.from({ length: workers }, async (_, worker) => {
    const namespaces = await makeNamespaces(stage.cluster, worker);
    for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
      const scenario = generate(Number(line.value), files, namespaces);
      const played = await play(stage, scenario).catch((error: unknown) => ({
        seed: scenario.seed,
        wrinkles: scenario.wrinkles,
        verdict: { kind: 'unknown', reason: 'the scenario failed' },
        mismatch: (error as Error).message,
      }));
      process.stdout.write(`${JSON.stringify(played)}\n`);
    }
  }),
);
process.exit(0);

async function makeShared(cluster: Cluster): Promise<void> {
  for (const each of storageClasses) await make(cluster, '/apis/storage.k8s.io/v1/storageclasses', each);
  for (const each of runtimeClasses) await make(cluster, '/apis/node.k8s.io/v1/runtimeclasses', { ...each });
  for (const [name, value] of [
    ['placement-low', -10],
    ['placement-high', 10],
  ] as const) {
    await make(cluster, '/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name }, value });
  }
}

async function makeNamespaces(cluster: Cluster, worker: number): Promise<Namespaces> {
  const namespaces = {
    plain: `placement-${worker}`,
    limited: `placement-${worker}-limited`,
    other: `placement-${worker}-other`,
  };
  for (const name of Object.values(namespaces)) {
    await make(cluster, '/api/v1/namespaces', { metadata: { name } });
    for (const account of ['default', 'marblerun-coordinator']) {
      await make(cluster, `/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: account } });
    }
  }
  await make(cluster, `/api/v1/namespaces/${namespaces.limited}/limitranges`, {
    metadata: { name: 'defaults' },
    spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '500m' } }] },
  });
  for (const namespace of [namespaces.plain, namespaces.limited]) {
    if ((await cluster.get(paths.claim(namespace, sharedClaim))) !== undefined) continue;
    const { claim, volume } = bound(namespace, sharedClaim);
    const metadata = { name: `${namespace}-claim` };
    await provide(cluster, { claim, volume: { metadata, spec: volume?.spec ?? {} } });
  }
  return namespaces;
}

/** Makes an object unless it is there already. */
async function make(
  cluster: Cluster,
  path: string,
  object: { metadata: { name: string } } & Record<string, unknown>,
): Promise<void> {
  if ((await cluster.get(`${path}/${object.metadata.name}`)) === undefined) {
    await cluster.create(path, object).catch(async (error: unknown) => {
      // A controller may have been faster.
      if ((await cluster.get(`${path}/${object.metadata.name}`)) === undefined) throw error;
    });
  }
}
