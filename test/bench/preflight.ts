import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import type { ConfigMap } from '../../hooks/core/objects.ts';
import { giveManifest } from '../cluster/mesh-facts.ts';
import { renderedFor } from '../cluster/preflight-run.ts';
import { Release } from '../cluster/release.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { runningLab } from '../lab/state.ts';
import { writeCurls } from './curl.ts';
import type { Kubeconfig, Population } from './population.ts';
import { runInNetworkOf, type ProcessRun } from './process.ts';
import type { RecordedRequest } from './record-requests.ts';
import { median, print, seconds } from './figures.ts';

const rounds = 15;
const account = 'marblerun-coordinator-preflight';

const sizes: Readonly<Record<'small' | 'large', Population>> = {
  small: population({ nodes: 3, pods: 100, marbles: 10 }),
  large: population({ nodes: 4998, pods: 50_000, marbles: 100 }),
};

/** Two of the nodes are the lab's own; on each of them stand as many pods as on a node of the large cluster. */
function population(size: Pick<Population, 'nodes' | 'pods' | 'marbles'>): Population {
  return { ...size, realNodes: ['node-a', 'node-b'], podsPerRealNode: 6 };
}

/** The most that a large cluster may cost, as a multiple of a small one, and preflight as a multiple of curl. */
const limits = { growth: 1.25, curl: 1.5 };

/** What one cluster is measured with. */
interface Setting {
  readonly lab: Lab;
  /** Requests that one preflight makes of the API server, by its audit log. */
  readonly requests: number;
  preflight(): Promise<ProcessRun>;
  /** The same requests, also those to the Coordinator, with a curl for each. */
  curls(): Promise<ProcessRun>;
  /** The same with one curl, which keeps its connections. */
  oneCurl(): Promise<ProcessRun>;
}

/**
 * Whether preflight's cost grows with the cluster: 5 nodes and 100 pods against 5,000 nodes and 50,000 pods, each in a
 * real API server; and what the same requests take with curl, one after the other. Answers whether all limits hold.
 */
export async function benchPreflight(): Promise<boolean> {
  const labs: Lab[] = [];
  try {
    const small = await prepare('small', labs);
    const large = await prepare('large', labs);
    const runs = { small: emptyRuns(), large: emptyRuns() };
    for (let round = 0; round < rounds; round++) {
      for (const [size, setting] of [
        ['small', small],
        ['large', large],
      ] as const) {
        runs[size].preflight.push(await setting.preflight());
        runs[size].curls.push(await setting.curls());
        runs[size].oneCurl.push(await setting.oneCurl());
      }
    }
    return report({ small, large }, runs);
  } finally {
    for (const lab of labs) await lab.down();
  }
}

type Runs = Record<'preflight' | 'curls' | 'oneCurl', ProcessRun[]>;

function emptyRuns(): Runs {
  return { preflight: [], curls: [], oneCurl: [] };
}

async function prepare(size: 'small' | 'large', labs: Lab[]): Promise<Setting> {
  const start = Date.now();
  const note = (line: string): void => {
    console.error(`${seconds(Date.now() - start).padStart(8)}  ${size}: ${line}`);
  };
  const lab = await startLab({ onProgress: note });
  labs.push(lab);
  const release = await Release.prepare(lab, 4);
  await succeed(release.install());
  await giveManifest(release);
  // After this one the record knows the Manifest, and preflight has nothing left to do.
  await succeed(release.upgrade());
  const files = await hookFiles(release);
  note(`making ${sizes[size].nodes} nodes and ${sizes[size].pods} pods`);
  // They would evict pods from nodes that have no kubelet.
  await lab.stop('kube-controller-manager');
  await lab.stop('kube-scheduler');
  const populate = join(import.meta.dirname, 'populate.ts');
  await lab.exec(process.execPath, [populate, JSON.stringify(sizes[size])]);
  note('done');
  return await settingOf(lab, release, files);
}

/** Writes preflight's files, gives its ServiceAccount its rights, and leaves a kubeconfig of that account. */
async function hookFiles(release: Release): Promise<string> {
  const { lab, namespace } = release;
  const own = (await renderedFor(release)).filter(({ metadata }) => metadata.name.startsWith(account));
  await lab.apply(...own.filter(({ kind }) => kind !== 'Job'));
  const configMap = own.find(({ kind }) => kind === 'ConfigMap') as unknown as ConfigMap;
  for (const [name, text] of Object.entries(configMap.data ?? {})) await writeFile(join(lab.dir, name), text);
  const kubeconfig = parse(await readFile(lab.kubeconfig, 'utf8')) as Kubeconfig;
  const token = (await lab.kubectl('-n', namespace, 'create', 'token', account, '--duration=3h')).trim();
  kubeconfig.users.forEach((each) => (each.user = { token }));
  await writeFile(join(lab.dir, 'preflight.kubeconfig'), stringify(kubeconfig));
  return lab.dir;
}

async function settingOf(lab: Lab, { namespace }: Release, folder: string): Promise<Setting> {
  const pid = (await runningLab(lab.name))?.first.pid ?? 0;
  const recorded = join(folder, 'requests.jsonl');
  const environment = { PATH: process.env.PATH, KUBECONFIG: join(folder, 'preflight.kubeconfig') };
  const command = ['dist/marblerun-hooks.mjs', 'preflight', '--config', folder];
  const run = (args: readonly string[]): Promise<ProcessRun> =>
    runInNetworkOf(pid, args, { ...environment, REQUESTS: recorded });
  const preflight = (): Promise<ProcessRun> => run([process.execPath, ...command]);
  const user = `system:serviceaccount:${namespace}:${account}`;
  const noted = async (): Promise<number> =>
    (await lab.audit()).filter((request) => request.user === user).length;
  const before = await noted();
  await preflight();
  await delay(500);
  const requests = (await noted()) - before;
  await run([process.execPath, '--import', join(import.meta.dirname, 'record-requests.ts'), ...command]);
  const lines = (await readFile(recorded, 'utf8')).trim().split('\n');
  const scripts = await writeCurls(
    folder,
    lines.map((line) => JSON.parse(line) as RecordedRequest),
  );
  return {
    lab,
    requests,
    preflight,
    curls: () => run(['sh', scripts.each]),
    oneCurl: () => run(scripts.one),
  };
}

async function succeed(result: Promise<{ exitCode?: number; all: string }>): Promise<void> {
  const { exitCode, all } = await result;
  if (exitCode !== 0) throw new Error(all);
}

function report(
  settings: Record<'small' | 'large', Setting>,
  runs: Record<'small' | 'large', Runs>,
): boolean {
  const time = (of: ProcessRun[]): number => median(of.map(({ startedAt, endedAt }) => endedAt - startedAt));
  const memory = (of: ProcessRun[]): number => median(of.map(({ peakMiB }) => peakMiB));
  const { small, large } = runs;
  const both = (name: string, figure: (of: Runs) => string): void => {
    print(name, `${figure(small).padStart(10)} ${figure(large).padStart(10)}`);
  };
  print('', `${'small'.padStart(10)} ${'large'.padStart(10)}`);
  print('nodes and pods', `${'5, 100'.padStart(10)} ${'5000, 50000'.padStart(10)}`);
  const requests = [settings.small.requests, settings.large.requests] as const;
  print('requests to the API server', requests.map((count) => String(count).padStart(10)).join(' '));
  both('preflight, time', ({ preflight }) => `${time(preflight).toFixed(0)} ms`);
  both('preflight, peak memory', ({ preflight }) => `${memory(preflight).toFixed(0)} MiB`);
  both('a curl for each request, time', ({ curls }) => `${time(curls).toFixed(0)} ms`);
  both('one curl for all, time', ({ oneCurl }) => `${time(oneCurl).toFixed(0)} ms`);
  const overCurls = Math.max(...[small, large].map((of) => time(of.preflight) / time(of.curls)));
  const overOne = Math.max(...[small, large].map((of) => time(of.preflight) / time(of.oneCurl)));
  print('preflight / one curl for all', `${overOne.toFixed(2)} x, no limit`);
  const checks: [string, number, number][] = [
    ['requests, large / small', requests[1] / requests[0], 1],
    ['time, large / small', time(large.preflight) / time(small.preflight), limits.growth],
    ['memory, large / small', memory(large.preflight) / memory(small.preflight), limits.growth],
    ['preflight / a curl for each request', overCurls, limits.curl],
  ];
  return checks
    .map(([name, ratio, limit]) => {
      const holds = ratio <= limit;
      print(name, `${ratio.toFixed(2)} x, at most ${limit} x: ${holds ? 'holds' : 'MISSED'}`);
      return holds;
    })
    .every(Boolean);
}
