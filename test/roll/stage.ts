import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Cluster } from '../../hooks/io/cluster.ts';
import { administrator, clusterAs } from '../placement/api.ts';
import { PodLedger } from './ledger.ts';
import type { Mesh } from './mesh.ts';
import { runRollout, writeOrder, type Order, type ProgramRun } from './program.ts';
import { snapshot, type Snapshot } from './snapshot.ts';

/** What a proof works with inside a lab's network: the cluster as its administrator, and a ledger of its pods. */
export class Stage {
  readonly cluster: Cluster;
  readonly ledger: PodLedger;

  private constructor(cluster: Cluster, ledger: PodLedger) {
    this.cluster = cluster;
    this.ledger = ledger;
  }

  /** Of the cluster that KUBECONFIG names. */
  static async open(): Promise<Stage> {
    const credentials = administrator(process.env.KUBECONFIG ?? '');
    return new Stage(clusterAs(credentials), await PodLedger.start(credentials));
  }

  async snapshot(mesh: Mesh): Promise<Snapshot> {
    return await snapshot(this.cluster, this.ledger, mesh);
  }

  /** Runs a rollout that nothing disturbs, and that must end well. */
  async settle(mesh: Mesh, order: Order, preload?: string, environment = {}): Promise<ProgramRun> {
    await writeOrder(mesh, order);
    const limitMilliseconds = (order.deadlineSeconds + 30) * 1000;
    const run = await runRollout(mesh, {
      limitMilliseconds,
      environment,
      ...(preload === undefined ? {} : { preload }),
    });
    if (run.exitCode !== 0)
      throw new Error(`an undisturbed rollout ended with ${String(run.exitCode)}: ${run.said}`);
    return run;
  }
}

/** The certificate of the API server that a kubeconfig trusts, in PEM. */
export function authorityOf(kubeconfig: string): string {
  const { clusters } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: [{ cluster: { 'certificate-authority-data': string } }];
  };
  return Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64').toString();
}

/** The lines of standard input, parsed as JSON, one after the other. */
export async function* inputLines(): AsyncGenerator<unknown, undefined> {
  for await (const line of createInterface({ input: process.stdin })) yield JSON.parse(line);
}
