import type { Deployment, ObjectMeta } from '../../hooks/core/objects.ts';
import type { Cluster, Query } from '../../hooks/io/cluster.ts';
import { ClusterError, type ClusterErrorKind } from '../../hooks/io/cluster-error.ts';
import type { WatchEvent } from '../../hooks/io/watch.ts';
import { paths } from '../../hooks/io/paths.ts';
import { rolledOut } from './builders.ts';

interface Stored {
  kind?: string;
  metadata: ObjectMeta;
  spec?: object;
  status?: object;
}

interface Review {
  spec: { resourceAttributes: { verb: string; resource: string }; user?: string };
}

/** One change that was asked for, dry runs left out. */
export interface Write {
  verb: 'create' | 'patch' | 'delete';
  path: string;
  body: unknown;
}

/** A refusal of the API server; `verb` and `path` say for which calls. */
export interface Refuse {
  verb: 'get' | 'list' | 'watch' | Write['verb'];
  path: RegExp;
  error: { kind: ClusterErrorKind; message: string; causes?: { message: string; field: string }[] };
}

/** Keeps objects by their API path, enough for a command to work on. Controllers are played by `afterWrite`. */
export class MemoryCluster implements Cluster {
  readonly objects = new Map<string, Stored>();
  /** What a path answers as text, such as a pod's log; the log of the run before may stand under `PATH?previous=true`. */
  readonly texts = new Map<string, string>();
  readonly writes: Write[] = [];
  readonly refusals: Refuse[] = [];
  /** Rights that an access review denies, as `verb resource`; to another user as `user verb resource`. */
  readonly denied = new Set<string>();
  readonly #watchers = new Set<(path: string) => void>();
  /** Called before each read of one object. */
  beforeGet: (path: string) => void = () => undefined;
  /** What the cluster's controllers do after a change. */
  afterWrite: (write: Write) => void = () => undefined;

  /** Puts an object where the API server would keep it. */
  put(path: string, object: object): this {
    this.objects.set(path, structuredClone(object) as Stored);
    return this;
  }

  /** Every change but Events. */
  changes(): Write[] {
    return this.writes.filter(({ path }) => !path.endsWith('/events'));
  }

  /** Makes a Deployment look as its controller leaves it in the end. */
  settle(path: string): void {
    const deployment = this.objects.get(path) as Deployment | undefined;
    if (deployment === undefined) return;
    deployment.status = rolledOut(deployment.metadata.generation ?? 0, deployment.spec.replicas ?? 1);
    this.changed(path);
  }

  /** Tells the watches that an object has changed, or is gone. */
  changed(path: string): void {
    for (const tell of this.#watchers) tell(path);
  }

  async get<T>(path: string): Promise<T | undefined> {
    await this.#answer('get', path);
    if (path.endsWith('?limit=1')) return { metadata: { resourceVersion: '1' } } as T;
    this.beforeGet(path);
    return structuredClone(this.objects.get(path)) as T | undefined;
  }

  async text(path: string, query: Query = {}): Promise<string> {
    await this.#answer('get', path);
    const before = query.previous === undefined ? undefined : this.texts.get(`${path}?previous=true`);
    const text = before ?? this.texts.get(path);
    if (text === undefined) throw refused('not-found', `${path} not found`);
    return text;
  }

  async list<T, R = T>(
    path: string,
    query: Query = {},
    ...[, pick]: [metadataOnly?: boolean, pick?: (item: T) => R]
  ): Promise<R[]> {
    await this.#answer('list', path);
    const wanted = selector(query);
    return [...this.objects.entries()]
      .filter(([key, object]) => isIn(key, path) && wanted(object))
      .map(([, object]) => structuredClone(object) as T)
      .map((item) => (pick === undefined ? (item as unknown as R) : pick(item)));
  }

  async *watch<T>(path: string, _query: Query, signal: AbortSignal): AsyncGenerator<WatchEvent<T>> {
    await this.#answer('watch', path);
    const queue: WatchEvent<T>[] = [];
    let wake = (): void => undefined;
    const tell = (changed: string): void => {
      if (!isIn(changed, path)) return;
      const [namespace = '', , name = ''] = changed.split('/').slice(-3);
      const object = this.objects.get(changed);
      const gone = { metadata: { namespace, name } };
      queue.push({
        type: object === undefined ? 'DELETED' : 'MODIFIED',
        object: structuredClone(object ?? gone) as T,
      });
      wake();
    };
    signal.addEventListener('abort', () => {
      wake();
    });
    this.#watchers.add(tell);
    try {
      while (!signal.aborted) {
        yield* queue.splice(0);
        await new Promise<void>((resolve) => {
          if (queue.length > 0 || signal.aborted) resolve();
          else wake = resolve;
        });
      }
    } finally {
      this.#watchers.delete(tell);
    }
  }

  async create<T>(path: string, object: object): Promise<T> {
    await this.#answer('create', path);
    if (path === paths.ownAccessReviews || path === paths.accessReviews) {
      return this.#review(object as Review) as T;
    }
    const { metadata } = object as Stored;
    const name = (metadata as Partial<ObjectMeta>).name ?? `generated-${this.writes.length}`;
    const key = `${path}/${name}`;
    if (this.objects.has(key)) throw refused('conflict', `${key} already exists`);
    this.put(key, object);
    this.#wrote({ verb: 'create', path, body: object });
    return structuredClone(this.objects.get(key)) as T;
  }

  #review({ spec: { resourceAttributes, user } }: Review): object {
    const { verb, resource } = resourceAttributes;
    const right = [...(user === undefined ? [] : [user]), verb, resource].join(' ');
    return { status: { allowed: !this.denied.has(right) } };
  }

  async patch<T>(path: string, type: string, body: object, query: Query = {}): Promise<T> {
    await this.#answer('patch', path);
    const applied = type === 'apply' && query.dryRun === undefined;
    if (applied && !this.objects.has(path)) this.put(path, body);
    const object = this.objects.get(path);
    if (object === undefined) throw refused('not-found', `${path} not found`);
    if (query.dryRun !== undefined) return structuredClone(object) as T;
    // As the API server does it (Kubernetes, pkg/registry/apps/deployment/strategy.go).
    const counted = (): string => JSON.stringify([object.spec, object.metadata.annotations]);
    const before = counted();
    merge(object as unknown as Tree, structuredClone(body) as Tree);
    if (object.kind === 'Deployment' && counted() !== before) {
      object.metadata.generation = (object.metadata.generation ?? 0) + 1;
    }
    this.#wrote({ verb: 'patch', path, body });
    return structuredClone(object) as T;
  }

  async delete(path: string): Promise<void> {
    await this.#answer('delete', path);
    this.objects.delete(path);
    this.changed(path);
    this.#wrote({ verb: 'delete', path, body: undefined });
  }

  #wrote(write: Write): void {
    this.writes.push(write);
    this.afterWrite(write);
  }

  /** Answers as late as a server would: never at once. */
  async #answer(verb: Refuse['verb'], path: string): Promise<void> {
    await Promise.resolve();
    const refusal = this.refusals.find((candidate) => candidate.verb === verb && candidate.path.test(path));
    if (refusal !== undefined) throw new ClusterError(refusal.error);
  }
}

type Tree = Record<string, unknown>;

/** RFC 7386. */
function merge(target: Tree, patch: Tree): void {
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(target, key);
    else if (isTree(value)) {
      const below = isTree(target[key]) ? target[key] : {};
      merge(below, value);
      target[key] = below;
    } else target[key] = value;
  }
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether an object's path lies in a collection, which may span all namespaces. */
function isIn(key: string, collection: string): boolean {
  const folder = key.slice(0, key.lastIndexOf('/'));
  return folder === collection || folder.replace(/\/namespaces\/[^/]+/, '') === collection;
}

function selector({ labelSelector, fieldSelector }: Query): (object: Stored) => boolean {
  const labels = String(labelSelector ?? '')
    .split(',')
    .filter((term) => term !== '')
    .map((term) => term.split('='));
  const nodeName = /^spec\.nodeName=(.+)$/.exec(String(fieldSelector ?? ''))?.[1];
  return ({ metadata, spec }) =>
    labels.every(([key = '', value]) => {
      const label = metadata.labels?.[key];
      return label !== undefined && (value === undefined || label === value);
    }) &&
    (nodeName === undefined || (spec as { nodeName?: string } | undefined)?.nodeName === nodeName);
}

function refused(kind: ClusterErrorKind, message: string): ClusterError {
  return new ClusterError({ kind, message });
}
