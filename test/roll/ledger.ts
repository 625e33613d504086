import { request } from 'node:https';
import { createInterface } from 'node:readline';
import type { Pod } from '../../hooks/core/objects.ts';
import { marbleLabel } from '../../hooks/core/marbles/workload.ts';
import type { Credentials } from '../../hooks/io/credentials.ts';

/** A pod that there was. */
export interface SeenPod {
  readonly namespace: string;
  /** The `app` label: its workload. */
  readonly workload: string;
  readonly name: string;
  readonly uid: string;
  /** Hash of the pod template that it was made from. */
  readonly revision: string;
}

/** Keeps each pod of a Marble that the API server ever told of. */
export class PodLedger {
  readonly #pods = new Map<string, SeenPod>();

  /** Resolves once the API server sends what happens; begins anew, with all pods that there are, when that ends. */
  static async start(credentials: Credentials): Promise<PodLedger> {
    const ledger = new PodLedger();
    await ledger.#follow(credentials);
    return ledger;
  }

  /** Of these namespaces, in the order in which they were seen. */
  pods(namespaces: readonly string[]): SeenPod[] {
    return [...this.#pods.values()].filter(({ namespace }) => namespaces.includes(namespace));
  }

  take({ metadata }: Pod): void {
    const { namespace = '', name, uid = '', labels = {} } = metadata;
    const revision = labels['pod-template-hash'] ?? labels['controller-revision-hash'] ?? '';
    this.#pods.set(uid, { namespace, workload: labels.app ?? '', name, uid, revision });
  }

  async #follow(credentials: Credentials): Promise<void> {
    const options = await credentials.options();
    const again = (): void => {
      setTimeout(() => void this.#follow(credentials), 100);
    };
    await new Promise<void>((resolve) => {
      const url = `${credentials.server}/api/v1/pods?watch=1&labelSelector=${encodeURIComponent(marbleLabel)}`;
      const outgoing = request(url, options, (response) => {
        const lines = createInterface({ input: response });
        lines.on('line', (line) => {
          this.take((JSON.parse(line) as { object: Pod }).object);
        });
        lines.on('close', again);
        resolve();
      });
      outgoing.on('error', again);
      outgoing.end();
    });
  }
}
