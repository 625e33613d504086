import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../../hooks/core/settings.ts';
import type { Mesh } from './mesh.ts';

const bundle = join(import.meta.dirname, '..', '..', 'dist', 'marblerun-hooks.mjs');

/** How one run of the program ended. */
export interface ProgramRun {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly milliseconds: number;
  /** What it printed, on either output. */
  readonly said: string;
}

/** What a rollout is run with, beside what the chart gives it. */
export interface Order {
  /** Of the Helm release; counted up by each upgrade. */
  readonly revision: number;
  /** A new one restarts all Marbles. */
  readonly nonce: string;
  readonly maxConcurrent: number;
  readonly deadlineSeconds: number;
  readonly clientPort: number;
}

/** Writes the order into the settings of the mesh. Other meshes of the cluster have namespaces of their own. */
export async function writeOrder({ folder, workloads }: Mesh, order: Order): Promise<void> {
  const path = join(folder, 'settings.json');
  const settings = JSON.parse(await readFile(path, 'utf8')) as Settings;
  settings.release.revision = order.revision;
  settings.rollout.nonce = order.nonce;
  settings.rollout.maxConcurrent = order.maxConcurrent;
  settings.hooks.deadlineSeconds = order.deadlineSeconds;
  settings.coordinator.clientPort = order.clientPort;
  settings.rollout.namespaces = [...new Set(workloads.map(({ namespace }) => namespace))];
  await writeFile(path, JSON.stringify(settings));
}

/** Leaves a kubeconfig of the mesh's rollout hook for this API server in its folder. */
export async function writeKubeconfig(
  { folder, token }: Mesh,
  { server, authority }: { server: string; authority: string },
): Promise<void> {
  const cluster = { server, 'certificate-authority-data': Buffer.from(authority).toString('base64') };
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'mesh', cluster }],
    users: [{ name: 'mesh', user: { token } }],
    contexts: [{ name: 'mesh', context: { cluster: 'mesh', user: 'mesh' } }],
    'current-context': 'mesh',
  };
  await writeFile(join(folder, 'kubeconfig'), JSON.stringify(document));
}

/**
 * Runs the built program's rollout as the mesh's hook. A run that takes longer than `limitMilliseconds` is killed.
 * `preload` is loaded before it.
 */
export async function runRollout(
  { folder }: Mesh,
  {
    limitMilliseconds,
    preload,
    environment = {},
  }: { limitMilliseconds: number; preload?: string; environment?: Readonly<Record<string, string>> },
): Promise<ProgramRun> {
  const before = preload === undefined ? [] : ['--import', preload];
  const args = [...before, bundle, 'rollout', '--config', folder, '--output', 'json'];
  const env = { PATH: process.env.PATH, KUBECONFIG: join(folder, 'kubeconfig'), ...environment };
  const startedAt = Date.now();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMilliseconds);
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { exitCode, milliseconds: Date.now() - startedAt, said };
}
