import { isDeepStrictEqual } from 'node:util';
import { argocdNamespace } from '../lab/argocd.ts';
import type { Lab } from '../lab/lab.ts';
import { until } from '../lab/progress.ts';

/** What became of one object in a sync. */
export interface ResourceResult {
  readonly kind: string;
  readonly name: string;
  readonly status?: string;
  readonly message?: string;
  readonly hookType?: string;
  readonly hookPhase?: string;
}

/** The last sync, as an Application tells of it. */
export interface OperationState {
  readonly phase: 'Running' | 'Terminating' | 'Failed' | 'Error' | 'Succeeded';
  readonly message: string;
  readonly startedAt: string;
  readonly retryCount?: number;
  /** With `resources` where the sync was of some objects only. */
  readonly operation: { readonly sync?: { readonly resources?: readonly unknown[] } };
  readonly syncResult?: { readonly source: object; readonly resources?: readonly ResourceResult[] };
}

/** An Application, as far as tests read it. */
export interface ApplicationObject {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly source: object;
    readonly syncPolicy?: { readonly syncOptions?: readonly string[] };
  };
  readonly operation?: object;
  readonly status?: {
    readonly sync: { readonly status: string; readonly comparedTo: { readonly source: object } };
    readonly health: { readonly status: string };
    readonly operationState?: OperationState;
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
  };
}

/** An Application of Argo CD in a lab. */
export class Application {
  private readonly lab: Lab;
  private readonly name: string;

  private constructor(lab: Lab, name: string) {
    this.lab = lab;
    this.name = name;
  }

  /** Gives Argo CD an Application. */
  static async create(lab: Lab, manifest: ApplicationObject): Promise<Application> {
    await lab.apply(manifest);
    return new Application(lab, manifest.metadata.name);
  }

  async read(): Promise<ApplicationObject> {
    return await this.lab.get<ApplicationObject>('application', this.name, '-n', argocdNamespace);
  }

  /** Changes its source, as a commit to the repository of Applications does. */
  async change(source: object): Promise<void> {
    await this.patch({ spec: { source } });
  }

  /** Asks for a sync of everything, as the button and `argocd app sync` do; answers how it ended. */
  async sync(): Promise<OperationState> {
    const { status, spec } = await this.read();
    const before = status?.operationState?.startedAt;
    const { syncOptions = [] } = spec.syncPolicy ?? {};
    const sync = { syncStrategy: { hook: {} }, syncOptions };
    await this.patch({ operation: { initiatedBy: { username: 'test' }, sync } });
    return await this.untilSynced(({ startedAt }) => startedAt !== before);
  }

  /** Waits until Argo CD has synced what the source says now, by itself; answers how it ended. */
  async autoSynced(): Promise<OperationState> {
    const { spec } = await this.read();
    return await this.untilSynced(({ syncResult }) => isSame(syncResult?.source, spec.source));
  }

  /** Waits for the end of a sync that `isIt` recognises. */
  async untilSynced(isIt: (operation: OperationState) => boolean, seconds = 120): Promise<OperationState> {
    return await this.until((application) => {
      const operation = application.status?.operationState;
      if (operation === undefined || application.operation !== undefined || !isIt(operation))
        return undefined;
      return ['Running', 'Terminating'].includes(operation.phase) ? undefined : operation;
    }, seconds);
  }

  /** Waits until Argo CD finds the cluster as the source wants it, and healthy. */
  async untilHealthy(): Promise<void> {
    await this.until(({ spec, status }) => {
      const isCompared = isSame(status?.sync.comparedTo.source, spec.source);
      const isGood = status?.sync.status === 'Synced' && status.health.status === 'Healthy';
      return isCompared && isGood ? true : undefined;
    });
  }

  /** Removes it with all that it made. */
  async remove(): Promise<void> {
    await this.patch({ metadata: { finalizers: ['resources-finalizer.argocd.argoproj.io'] } });
    await this.lab.kubectl('-n', argocdNamespace, 'delete', 'application', this.name, '--timeout=90s');
  }

  private async patch(patch: object): Promise<void> {
    const args = ['--type=merge', '--patch', JSON.stringify(patch)];
    await this.lab.kubectl('-n', argocdNamespace, 'patch', 'application', this.name, ...args);
  }

  private async until<T>(
    answer: (application: ApplicationObject) => T | undefined,
    seconds = 120,
  ): Promise<T> {
    let found: T | undefined;
    const check = async (): Promise<boolean> => {
      found = answer(await this.read());
      return found !== undefined;
    };
    await until(check, seconds, async () => {
      const { status } = await this.read();
      const { sync, health, conditions = [], operationState } = status ?? {};
      const last = `${operationState?.phase ?? 'no sync'}: ${operationState?.message ?? ''}`;
      const why = conditions.map(({ message }) => message).join(', ');
      return new Error(`${this.name} is ${sync?.status} and ${health?.status}. ${last} ${why}`);
    });
    return found as T;
  }
}

/** Argo CD writes what it has synced without what is null or an empty text. */
function isSame(one: object | undefined, other: object): boolean {
  const [plainOne, plainOther] = [one, other].map((source) => {
    const keep = (_: string, value: unknown): unknown => (value === null || value === '' ? undefined : value);
    return JSON.parse(JSON.stringify(source ?? {}, keep)) as object;
  });
  return isDeepStrictEqual(plainOne, plainOther);
}
