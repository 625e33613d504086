import { known, unknown, type Known } from '../core/known.ts';
import type { Pod } from '../core/objects.ts';
import { uploadsIn, type Uploads } from '../core/recovery/uploads.ts';
import type { Clock } from './clock.ts';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './cluster-error.ts';
import { paths } from './paths.ts';

/** Asks how many recovery secrets a pod of the Coordinator was given by now; never rejects on what the cluster does. */
export type LookAtUploads = (pod: Pod) => Promise<Known<Uploads>>;

/** Lines that came while the log was read are read again. */
const overlapSeconds = 5;

/**
 * Follows the uploads by the log of the Coordinator's container. A Coordinator notes each look at its state there, so
 * that the log of one that waits for days is long: it is read whole once for each start of the container, which is when
 * the Coordinator forgets what was uploaded, and from then on what is new.
 */
export function followUploads(cluster: Cluster, clock: Clock, container: string): LookAtUploads {
  let seen: { process: string; uploads: Uploads; at: number } | undefined;
  return async (pod) => {
    const process = processOf(pod, container);
    const before = seen?.process === process ? seen : undefined;
    const at = clock.now();
    const since =
      before === undefined ? {} : { sinceSeconds: Math.ceil((at - before.at) / 1000) + overlapSeconds };
    try {
      const path = paths.podLog(pod.metadata.namespace ?? '', pod.metadata.name);
      const log = await cluster.text(path, { container, ...since });
      seen = { process, uploads: uploadsIn(log, before?.uploads ?? 'none'), at };
      return known(seen.uploads);
    } catch (error) {
      if (error instanceof ClusterError) return unknown(error.message);
      throw error;
    }
  };
}

function processOf({ metadata, status }: Pod, container: string): string {
  const restarts = status?.containerStatuses?.find(({ name }) => name === container)?.restartCount ?? 0;
  return `${metadata.uid ?? metadata.name} ${restarts}`;
}
