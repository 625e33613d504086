import type { Deployment } from '../core/objects.ts';
import { reasonToHold } from '../core/watch/hold.ts';
import type { Cluster } from '../io/cluster.ts';
import { paths } from '../io/paths.ts';
import { podsOf } from '../io/pods.ts';
import { waitFor, type Wait } from '../io/wait.ts';

export interface HoldOptions {
  cluster: Cluster;
  namespace: string;
  /** The Coordinator's Deployment. */
  deployment: string;
  /** The node that this pod is on. */
  node: string;
  /** Ends the hold when the time of the pod is nearly over. */
  wait: Wait;
}

const lookMilliseconds = 500;

/**
 * The anchor's last act: it stays while the Coordinator is between two pods, so that the next one still finds its group
 * on the node. While the API server does not answer it stays, too. Without rights it goes: they were taken away with
 * the release. Never fails.
 */
export async function holdNode({ cluster, namespace, deployment, node, wait }: HoldOptions): Promise<void> {
  const look = async () => {
    const live = await cluster.get<Deployment>(paths.deployment(namespace, deployment));
    const pods = live === undefined ? [] : await podsOf(cluster, live);
    const reason = reasonToHold({ node, deployment: live, pods });
    return reason === undefined
      ? { done: true as const, value: undefined }
      : { done: false as const, message: reason };
  };
  await waitFor({ ...wait, pauseMilliseconds: lookMilliseconds }, `Holding node ${node}`, look).catch(
    (error: unknown) => {
      wait.progress(`Node ${node} is held no longer: ${(error as Error).message}`);
    },
  );
}
