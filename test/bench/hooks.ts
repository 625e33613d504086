import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rendered } from '../chart/render.ts';
import { hookImages } from '../lab/images/hooks.ts';
import { runAsPod, type ProcessRun } from './process.ts';
import { startEmptyApiServer } from './api-server.ts';
import { median, print } from './figures.ts';

const runs = 15;

/**
 * What a hook costs before it does anything: time from the process' start to its first API request, and peak memory of
 * a whole preflight, each against an empty Node process in the same run.
 */
export async function benchHooks(): Promise<undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'marblerun-bench-'));
  const server = await startEmptyApiServer(folder);
  try {
    await writeFile(join(folder, 'token'), 'bench');
    await writeHookFiles(folder);
    const environment = {
      PATH: process.env.PATH,
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(server.port),
    };
    const empty: ProcessRun[] = [];
    const hook: (ProcessRun & { firstRequestAt: number })[] = [];
    for (let run = 0; run < runs; run++) {
      empty.push(await runAsPod(folder, [process.execPath, '-e', '0'], environment));
      server.forget();
      const command = [process.execPath, 'dist/marblerun-hooks.mjs', 'preflight', '--config', folder];
      const ended = await runAsPod(folder, command, environment);
      hook.push({ ...ended, firstRequestAt: server.firstRequestAt() });
    }
    const emptyTime = median(empty.map(({ startedAt, endedAt }) => endedAt - startedAt));
    const hookTime = median(hook.map(({ startedAt, firstRequestAt }) => firstRequestAt - startedAt));
    const emptyMemory = median(empty.map(({ peakMiB }) => peakMiB));
    const hookMemory = median(hook.map(({ peakMiB }) => peakMiB));
    print('empty Node process, start to end', `${emptyTime.toFixed(0)} ms, ${emptyMemory.toFixed(0)} MiB`);
    print(
      'hook, start to first API request',
      `${hookTime.toFixed(0)} ms, ${(hookTime / emptyTime).toFixed(2)} x (at most 2.5 x)`,
    );
    print(
      'hook, peak memory',
      `${hookMemory.toFixed(0)} MiB, ${(hookMemory / emptyMemory).toFixed(2)} x (at most 2 x)`,
    );
    const { size } = await stat('dist/marblerun-hooks.mjs');
    print('bundle, without the kubeconfig part', `${(size / 1024).toFixed(0)} KiB`);
    const image = await stat(await hookImages(() => undefined));
    print('image of the lab, not compressed', `${(image.size / 1024 ** 2).toFixed(0)} MiB`);
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}

/** The files of the chart's own preflight, for a release that is not there yet. */
async function writeHookFiles(folder: string): Promise<void> {
  const values = { coordinator: { simulation: true } };
  const { data } = await rendered('ConfigMap', 'marblerun-coordinator-preflight', values);
  for (const [name, text] of Object.entries(data as Record<string, string>)) {
    await writeFile(join(folder, name), text);
  }
}
