import { ClusterError, clusterError, noAnswer } from './cluster-error.ts';
import type { ClusterOptions } from './cluster.ts';
import { ownConnection, openStream } from './http-stream.ts';
import { withQuery, type Query } from './query.ts';

/** One change of a watched object, or, as a bookmark, only how far the watch has come. */
export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: T;
}

const openMilliseconds = 20_000;

/**
 * One watch, from opening it to its end; whoever wants to go on opens another from the last resourceVersion that was
 * seen. Fails with a ClusterError, of kind `expired` when the version is too old (Kubernetes: 410).
 */
export async function* watchOnce<T>(
  { credentials, signal }: ClusterOptions,
  path: string,
  query: Query,
): AsyncGenerator<WatchEvent<T>> {
  const tried = `WATCH ${path}`;
  try {
    const { agent, ...options } = await credentials.options();
    const stream = await openStream({
      ...options,
      agent: ownConnection(agent),
      url: credentials.server + withQuery(path, { ...query, watch: 'true', allowWatchBookmarks: 'true' }),
      method: 'GET',
      headers: { accept: 'application/json', ...(options.headers as object) },
      timeoutMilliseconds: openMilliseconds,
      signal,
    });
    if ('body' in stream) throw clusterError(tried, stream);
    for await (const line of stream.lines) yield eventOf<T>(tried, line);
  } catch (cause) {
    if (cause instanceof ClusterError) throw cause;
    throw noAnswer(`${tried}: the watch at ${credentials.server} broke off`, cause as Error);
  }
}

interface Failure {
  code?: number;
}

/** The API server reports what goes wrong in mid-watch as an event of its own, with a Status. */
function eventOf<T>(tried: string, line: string): WatchEvent<T> {
  const event = JSON.parse(line) as WatchEvent<T> | { type: 'ERROR'; object: Failure };
  if (event.type !== 'ERROR') return event;
  throw clusterError(tried, {
    status: event.object.code ?? 500,
    headers: {},
    body: JSON.stringify(event.object),
  });
}
