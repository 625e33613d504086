import type { RequestOptions } from 'node:https';
import type { Clock } from './clock.ts';
import type { Credentials } from './credentials.ts';
import { ClusterError, clusterError, noAnswer } from './cluster-error.ts';
import { send, type HttpResponse } from './http.ts';
import { withQuery, type Query } from './query.ts';
import { watchOnce, type WatchEvent } from './watch.ts';
import { DeadlineError, endedBy } from './wait.ts';

export type { Query } from './query.ts';

/** Signs the changes that the hooks make, so that nobody else's field is taken for ours. */
export const fieldManager = 'marblerun-hooks';

/** Content types of the API server's patches. */
export const patchType = {
  merge: 'application/merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

/** The Kubernetes API as the hooks use it. Failures are ClusterErrors. */
export interface Cluster {
  /** Undefined when there is no such object. */
  get<T>(path: string): Promise<T | undefined>;
  /** What a path answers as text, such as a pod's log. One try: it is never worth a wait. */
  text(path: string, query?: Query): Promise<string>;
  /**
   * All pages of a list, as whole objects or, with `metadataOnly`, as their metadata; `limit` in the query is the size of a
   * page. Of each object is kept what `pick`
   * makes of it, so that the rest of a page goes before the next one comes.
   */
  list<T, R = T>(path: string, query?: Query, metadataOnly?: boolean, pick?: (item: T) => R): Promise<R[]>;
  /** One watch of a list, from `resourceVersion` in the query until the connection ends; no try follows a failed one. */
  watch<T>(path: string, query: Query, signal: AbortSignal): AsyncIterable<WatchEvent<T>>;
  create<T>(path: string, object: object): Promise<T>;
  patch<T>(path: string, type: keyof typeof patchType, body: object, query?: Query): Promise<T>;
  /** Succeeds too when the object is gone already. */
  delete(path: string, query?: Query): Promise<void>;
}

const pageSize = 500;
const tryMilliseconds = 20_000;
const metadataList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

interface Call {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: object;
}

export interface ClusterOptions {
  credentials: Credentials;
  clock: Clock;
  /** Ends every wait; the error then says what was being tried. */
  signal: AbortSignal;
  /** Told when a try fails and another follows. */
  onRetry: (problem: string) => void;
}

/**
 * The real API server. A request that found no server, was told to wait (429, with Retry-After) or met a server error
 * is tried again until the signal ends it.
 */
export function connect(options: ClusterOptions): Cluster {
  const call = async <T>(request: Call): Promise<T> => {
    const { body } = await persist(options, request);
    try {
      return JSON.parse(body) as T;
    } catch (cause) {
      const message = `${request.method} ${request.path}: ${options.credentials.server} answered with what is no JSON: is that the API server, or a page to log in?`;
      throw new ClusterError({ kind: 'refused', message, cause });
    }
  };
  const json = (type: string) => ({ 'content-type': type });
  return {
    get: async <T>(path: string) => await orUndefined(call<T>({ method: 'GET', path })),
    text: async (path, query = {}) => {
      const headers = { accept: '*/*' };
      const outcome = await once(options, { method: 'GET', path: withQuery(path, query), headers });
      if ('error' in outcome) throw outcome.error;
      return outcome.response.body;
    },
    list: async <T, R = T>(path: string, query: Query = {}, metadataOnly = false, pick?: (item: T) => R) => {
      const page = async (token: string): Promise<Page<R>> => {
        const { items, metadata } = await call<Page<T>>({
          method: 'GET',
          path: withQuery(path, { limit: pageSize, ...query, ...(token === '' ? {} : { continue: token }) }),
          ...(metadataOnly ? { headers: { accept: metadataList } } : {}),
        });
        return { items: pick === undefined ? (items as R[] | null) : (items ?? []).map(pick), metadata };
      };
      return await allPages(page);
    },
    watch: <T>(path: string, query: Query, signal: AbortSignal) =>
      watchOnce<T>({ ...options, signal: AbortSignal.any([options.signal, signal]) }, path, query),
    create: async <T>(path: string, object: object) =>
      await call<T>({
        method: 'POST',
        path: withQuery(path, { fieldManager }),
        headers: json('application/json'),
        body: object,
      }),
    patch: async <T>(path: string, type: keyof typeof patchType, body: object, query: Query = {}) =>
      await call<T>({
        method: 'PATCH',
        path: withQuery(path, { fieldManager, ...query }),
        headers: json(patchType[type]),
        body,
      }),
    delete: async (path, query = {}) => {
      await orUndefined(call({ method: 'DELETE', path: withQuery(path, query) }));
    },
  };
}

interface Page<T> {
  /** The API server writes an empty list of metadata as null. */
  items: T[] | null;
  metadata: { continue?: string };
}

/** Follows the pages of a list. A token that has expired in the meantime starts the list anew (Kubernetes: 410). */
async function allPages<T>(page: (token: string) => Promise<Page<T>>): Promise<T[]> {
  let items: T[] = [];
  let token = '';
  for (;;) {
    const answer = await page(token).catch((error: unknown) => {
      if (error instanceof ClusterError && error.kind === 'expired' && token !== '') return undefined;
      throw error;
    });
    items = answer === undefined ? [] : [...items, ...(answer.items ?? [])];
    token = answer?.metadata.continue ?? '';
    if (answer !== undefined && token === '') return items;
  }
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ClusterError && error.kind === 'not-found') return undefined;
    throw error;
  }
}

async function persist(options: ClusterOptions, call: Call): Promise<HttpResponse> {
  const { signal, clock, onRetry } = options;
  for (let attempt = 0, before: ClusterError | undefined; ; attempt++) {
    const outcome = await once(options, call);
    if ('response' in outcome) return outcome.response;
    const error = signal.aborted ? before : outcome.error;
    if (error === undefined) {
      throw new DeadlineError(`${call.method} ${call.path}: ${endedBy(signal)} before an answer`);
    }
    if (!error.temporary) throw error;
    if (!signal.aborted) onRetry(`${error.message}; trying again`);
    const pause = error.retryAfterSeconds ?? Math.min(0.25 * 2 ** attempt, 5);
    await clock.sleep(pause * 1000, signal).catch((cause: unknown) => {
      const message = `${error.message}; ${endedBy(signal)} first`;
      throw new ClusterError({ kind: error.kind, message, cause });
    });
    before = error;
  }
}

async function once(
  { credentials, signal }: ClusterOptions,
  { method, path, headers, body }: Call,
): Promise<{ response: HttpResponse } | { error: ClusterError }> {
  const tried = `${method} ${path}`;
  let options: RequestOptions;
  try {
    options = await credentials.options();
  } catch (cause) {
    const message = `${tried}: there are no usable credentials: ${(cause as Error).message}`;
    return { error: new ClusterError({ kind: 'unauthorized', message, cause }) };
  }
  try {
    const response = await send({
      ...options,
      url: credentials.server + path,
      method,
      headers: { accept: 'application/json', ...(options.headers as object), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      timeoutMilliseconds: tryMilliseconds,
      signal,
    });
    if (response.status < 400) return { response };
    return { error: clusterError(tried, response) };
  } catch (cause) {
    const { server, way = '' } = credentials;
    return {
      error: noAnswer(`${tried}: the API server at ${server} cannot be reached${way}`, cause as Error),
    };
  }
}
