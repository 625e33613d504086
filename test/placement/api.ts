import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import type { Pod } from '../../hooks/core/objects.ts';
import { systemClock } from '../../hooks/io/clock.ts';
import { connect, type Cluster } from '../../hooks/io/cluster.ts';
import type { Credentials } from '../../hooks/io/credentials.ts';

interface Kubeconfig {
  clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
  users: [{ user: { token: string } }];
}

/** The lab's administrator, over connections that are kept: thousands of scenarios would spend their time on TLS. */
export function administrator(kubeconfig: string): Credentials {
  const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const [{ cluster }] = clusters;
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64');
  const agent = new Agent({ keepAlive: true, ca });
  const headers = { authorization: `Bearer ${users[0].user.token}` };
  return { server: cluster.server, options: () => Promise.resolve({ agent, headers }) };
}

/** The program's own client, as the administrator. */
export function clusterAs(credentials: Credentials): Cluster {
  const signal = new AbortController().signal;
  const onRetry = (problem: string): void => {
    console.error(problem);
  };
  return connect({ credentials, clock: systemClock, signal, onRetry });
}

/** What the scheduler has done with a pod. */
export type Placement =
  { node: string; refused?: undefined } | { node?: undefined; refused: string } | undefined;

/** Follows all pods of the cluster, so that nobody has to ask for each. */
export class PodWatch {
  readonly #seen = new Map<string, Placement>();
  readonly #waiting = new Set<() => void>();

  /** Resolves once the API server sends what happens. A watch that ends is begun anew, with all pods that there are. */
  static async start(credentials: Credentials): Promise<PodWatch> {
    const watch = new PodWatch();
    await watch.#follow(credentials);
    return watch;
  }

  async #follow(credentials: Credentials): Promise<void> {
    const options = await credentials.options();
    const again = (): void => {
      setTimeout(() => void this.#follow(credentials), 100);
    };
    await new Promise<void>((resolve) => {
      const url = `${credentials.server}/api/v1/pods?watch=1`;
      const outgoing = request(url, options, (response) => {
        const lines = createInterface({ input: response });
        lines.on('line', (line) => {
          this.#take((JSON.parse(line) as { object: Pod }).object);
        });
        lines.on('close', again);
        resolve();
      });
      outgoing.on('error', again);
      outgoing.end();
    });
  }

  /** Waits until `enough` of what is known of the pod, at most for the time; answers what is known then. */
  async until(
    uid: string,
    enough: (placement: Placement) => boolean,
    milliseconds: number,
  ): Promise<Placement> {
    const end = Date.now() + milliseconds;
    while (!enough(this.#seen.get(uid)) && Date.now() < end) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, end - Date.now());
        this.#waiting.add(done);
      });
    }
    return this.#seen.get(uid);
  }

  #take({ metadata, spec, status }: Pod): void {
    const uid = metadata.uid ?? '';
    const condition = status?.conditions?.find(({ type }) => type === 'PodScheduled');
    if (spec.nodeName !== undefined) this.#seen.set(uid, { node: spec.nodeName });
    else if (condition?.status === 'False') this.#seen.set(uid, { refused: condition.message ?? '' });
    else return;
    for (const wake of [...this.#waiting]) wake();
  }
}
