import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import { SettingsError } from '../core/settings.ts';
import type { ToldInForce } from '../core/manifest-check/in-force.ts';
import type { Deployment } from '../core/objects.ts';
import { CoordinatorState } from '../core/states.ts';
import { ClusterError } from './cluster-error.ts';
import type { Cluster } from './cluster.ts';
import { paths } from './paths.ts';

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
 * Asks the Coordinator of a namespace through the API server, which forwards to its Service: so a laptop needs no more
 * than a kubeconfig and the right to get services/proxy. Nothing here needs to be authentic: the Coordinator judges the
 * Manifest again when it gets it.
 */
export async function readInForce(cluster: Cluster, namespace: string): Promise<InForceAnswer> {
  const service = `/api/v1/namespaces/${namespace}/services/https:coordinator-client-api:http/proxy`;
  const ask = async <T>(path: string): Promise<T> => {
    const answer = JSON.parse(await cluster.text(`${service}/api/v2/${path}`)) as { data: T };
    return answer.data;
  };
  const [{ code }, version] = await Promise.all([
    ask<{ code: number }>('status'),
    versionOf(cluster, namespace),
  ]);
  if (code !== CoordinatorState.AcceptingMarbles) return { state: code, version };
  const [{ manifest }, { updateLog }, pending] = await Promise.all([
    ask<{ manifest: string }>('manifest'),
    ask<{ updateLog: string[] }>('update'),
    ask<{ missingUsers: string[] | null }>('update-manifest').catch(noneWaits),
  ]);
  const told: ToldInForce = { manifest: Buffer.from(manifest, 'base64').toString('utf8'), updateLog };
  if (pending !== undefined) told.pending = pending.missingUsers ?? [];
  return { state: code, told, version };
}

/** 404 says that no update waits; 405 (`refused`) that this version knows none that wait. */
function noneWaits(error: unknown): undefined {
  if (error instanceof ClusterError && ['not-found', 'refused'].includes(error.kind)) return undefined;
  throw error;
}

/** The label that MarbleRun's own CLI reads the version from. */
async function versionOf(cluster: Cluster, namespace: string): Promise<string | undefined> {
  const path = paths.deployment(namespace, 'marblerun-coordinator');
  const deployment = await cluster.get<Deployment>(path).catch((error: unknown) => {
    if (error instanceof ClusterError) return undefined;
    throw error;
  });
  return deployment?.metadata.labels?.['app.kubernetes.io/version'];
}
