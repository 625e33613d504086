import { ClusterError } from './cluster-error.ts';
import type { Cluster, Query } from './cluster.ts';
import type { ObjectMeta } from '../core/objects.ts';
import type { WatchEvent } from './watch.ts';
import type { Wait } from './wait.ts';

/** What is followed, and who is told. */
export interface Followed<T> {
  /** API path of the list. */
  path: string;
  /** The resourceVersion from which on changes are told. */
  from: string;
  onChange: (event: WatchEvent<T>) => void;
  /** Changes may have been missed: look again. */
  onGap: () => void;
}

/** The API server ends a watch after this long; a connection that died without a word is noticed a little later. */
const watchSeconds = 60;
const graceMilliseconds = 10_000;
const longestPauseMilliseconds = 5000;

/** The version that a list has now: what changes after it, a watch from there on tells. */
export async function versionOf(cluster: Cluster, path: string): Promise<string> {
  const page = await cluster.get<{ metadata: { resourceVersion?: string } }>(`${path}?limit=1`);
  return page?.metadata.resourceVersion ?? '';
}

/**
 * Tells each change of a list until the signal ends it, over as many watches as that takes. Where the right to watch is
 * missing it says so and ends: whoever follows has to look by itself.
 */
export async function follow<T extends { metadata: ObjectMeta }>(
  cluster: Cluster,
  followed: Followed<T>,
  { clock, signal, progress }: Wait,
): Promise<'ended' | 'forbidden'> {
  const position = { version: followed.from, failures: 0 };
  while (!signal.aborted) {
    const error = await once(cluster, followed, { position, signal });
    if (isAborted(signal)) break;
    if (error !== undefined) {
      const forbidden = error.kind === 'forbidden';
      progress(`${error.message}; ${forbidden ? 'asking instead' : 'watching again'}`);
      if (forbidden) return 'forbidden';
      if (error.kind === 'expired') position.version = '';
      position.failures += 1;
    }
    await pause(clock, signal, position.failures);
  }
  return 'ended';
}

/** How far the changes were told, and how many watches have failed since the last one. */
interface Position {
  version: string;
  failures: number;
}

/** One watch; answers what broke it off. */
async function once<T extends { metadata: ObjectMeta }>(
  cluster: Cluster,
  { path, onChange, onGap }: Followed<T>,
  { position, signal }: { position: Position; signal: AbortSignal },
): Promise<ClusterError | undefined> {
  try {
    if (position.version === '') {
      position.version = await versionOf(cluster, path);
      onGap();
    }
    const query: Query = { resourceVersion: position.version, timeoutSeconds: watchSeconds };
    const bound = AbortSignal.timeout(watchSeconds * 1000 + graceMilliseconds);
    for await (const event of cluster.watch<T>(path, query, AbortSignal.any([signal, bound]))) {
      position.failures = 0;
      position.version = event.object.metadata.resourceVersion ?? position.version;
      if (event.type !== 'BOOKMARK') onChange(event);
    }
    return undefined;
  } catch (error) {
    if (error instanceof ClusterError) return error;
    // What was being asked for when the signal came is of no use any more.
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** A watch that ended in its time is opened again at once, nearly. */
async function pause(clock: Wait['clock'], signal: AbortSignal, failures: number): Promise<void> {
  const milliseconds = Math.min(100 * 2 ** failures, longestPauseMilliseconds);
  await clock.sleep(milliseconds, signal).catch(() => undefined);
}

/** The signal may fire while the watch runs; the compiler does not know. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
