import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import { known, unknown, type Known } from '../core/known.ts';
import type { ToldInForce } from '../core/manifest-check/in-force.ts';
import { isReady } from '../core/pod-trouble.ts';
import { SettingsError } from '../core/settings.ts';
import { toldInForce } from './coordinator.ts';
import { clientUrl } from './gather/coordinator.ts';
import type { Sources } from './gather/sources.ts';
import { clientPortOf, findCoordinator } from './gather/status.ts';
import { podsOf } from './pods.ts';
import type { Reach } from './reach.ts';

/** A file as text, or standard input for `-` until the signal. Throws a SettingsError that names the file. */
export async function readText(file: string, signal: AbortSignal): Promise<string> {
  try {
    return file === '-' ? await text(addAbortSignal(signal, process.stdin)) : await readFile(file, 'utf8');
  } catch (cause) {
    throw new SettingsError(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** What a Coordinator has in force, or its state where it has no Manifest to give out. */
export interface InForceAnswer {
  state: number;
  told?: ToldInForce;
  /** The version of the Coordinator's image; undefined where the Deployment does not tell. */
  version: string | undefined;
}

/**
 * Asks a pod of the Coordinator of a namespace, or says why none answers. Throws a ClusterError where the API server does
 * not let it look, and a SettingsError where the namespace has no Coordinator.
 */
export async function readInForce(
  { cluster, signal }: Pick<Sources, 'cluster' | 'signal'>,
  { connectionTo }: Pick<Reach, 'connectionTo'>,
  namespace: string,
): Promise<Known<InForceAnswer>> {
  const deployment = await findCoordinator(cluster, { namespace, release: '' });
  // The label that MarbleRun's own CLI reads the version from.
  const version = deployment.metadata.labels?.['app.kubernetes.io/version'];
  const pods = await podsOf(cluster, deployment);
  const pod = pods.find(isReady) ?? pods[0];
  if (pod === undefined) return unknown('the Coordinator has no pod');
  const url = clientUrl(pod, clientPortOf(deployment));
  if (url === undefined) return unknown(`pod/${pod.metadata.name} has no address yet`);
  try {
    return known({ ...(await toldInForce(connectionTo(url, pod), signal)), version });
  } catch (error) {
    return unknown(`pod/${pod.metadata.name} at ${url} does not answer: ${(error as Error).message}`);
  }
}
