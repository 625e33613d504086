import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { dryRunArguments } from '../../hooks/core/plan/command.ts';
import { readPlanRequest } from '../../hooks/core/plan/request.ts';
import { builtProgram } from '../cluster/built-program.ts';
import { giveManifest } from '../cluster/mesh-facts.ts';
import { chart } from '../cluster/charts.ts';
import { Release } from '../cluster/release.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { writeCurls } from './curl.ts';
import { median, print } from './figures.ts';
import type { Kubeconfig } from './population.ts';
import type { RecordedRequest } from './record-requests.ts';

const runs = 11;
/** The most that plan may take, as a multiple of what it has others do. */
const limit = 1.3;

/**
 * How long plan takes on a cluster against Helm's dry run, which is a part of it, and the requests that it makes, with a curl
 * for each, one after the other. Answers whether the limit holds.
 */
export async function benchPlan(): Promise<boolean> {
  const lab = await startLab({
    onProgress: (line) => {
      console.error(`lab: ${line}`);
    },
  });
  try {
    const release = await Release.prepare(lab, 4);
    await release.install();
    await giveManifest(release);
    await release.upgrade();
    return await measure(release);
  } finally {
    await lab.down();
  }
}

async function measure(release: Release): Promise<boolean> {
  const { lab } = release;
  const words = release.words(chart, {}, ['--kubeconfig', await withToken(release)]);
  const request = readPlanRequest(words);
  if (request === undefined) throw new Error('plan was asked for help');
  const program = await builtProgram(lab);
  const plan = async (env: Readonly<Record<string, string>> = {}) =>
    await lab.exec(process.execPath, [program, 'plan', ...words], { env });
  const requests = await recorded(lab, plan);
  const curls = await writeCurls(lab.dir, requests);
  const times = { helm: [], curls: [], plan: [] } as Record<'helm' | 'curls' | 'plan', number[]>;
  for (let run = 0; run < runs; run++) {
    times.helm.push(await taken(async () => await lab.exec('helm', dryRunArguments(request))));
    times.curls.push(await taken(async () => await lab.exec('sh', [curls.each])));
    times.plan.push(await taken(async () => await plan()));
  }
  const ratio = median(times.plan) / (median(times.helm) + median(times.curls));
  print('helm upgrade --dry-run=server', `${median(times.helm).toFixed(0)} ms`);
  print(`${String(requests.length)} requests, a curl for each`, `${median(times.curls).toFixed(0)} ms`);
  print('plan', `${median(times.plan).toFixed(0)} ms`);
  const holds = ratio <= limit;
  print('plan / both', `${ratio.toFixed(2)} x, at most ${String(limit)} x: ${holds ? 'holds' : 'MISSED'}`);
  return holds;
}

/** A kubeconfig with a token, which curl can be given as well. */
async function withToken({ lab, namespace }: Release): Promise<string> {
  await lab.kubectl('-n', namespace, 'create', 'serviceaccount', 'person');
  const bound = ['--clusterrole=cluster-admin', `--serviceaccount=${namespace}:person`];
  await lab.kubectl('create', 'clusterrolebinding', 'bench-person', ...bound);
  const token = (await lab.kubectl('-n', namespace, 'create', 'token', 'person', '--duration=3h')).trim();
  const kubeconfig = parse(await readFile(lab.kubeconfig, 'utf8')) as Kubeconfig;
  kubeconfig.users.forEach((each) => (each.user = { token }));
  const file = join(lab.dir, 'person.kubeconfig');
  await writeFile(file, stringify(kubeconfig));
  return file;
}

/** The requests that a run makes by itself; what goes to the Coordinator through a forwarded port counts as one to there. */
async function recorded(
  lab: Lab,
  run: (env: Readonly<Record<string, string>>) => Promise<unknown>,
): Promise<RecordedRequest[]> {
  const file = join(lab.dir, 'plan-requests.jsonl');
  const loaded = join(import.meta.dirname, 'record-requests.ts');
  await run({ REQUESTS: file, NODE_OPTIONS: `--import ${loaded}` });
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as RecordedRequest);
}

async function taken(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
