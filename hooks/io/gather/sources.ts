import type { Pod } from '../../core/objects.ts';
import type { Cluster } from '../cluster.ts';
import type { Coordinator } from '../coordinator.ts';

/** What gathering needs from outside. */
export interface Sources {
  cluster: Cluster;
  /** Connects to the Coordinator at a URL, which is this pod's. */
  coordinatorAt: (url: string, pod: Pod) => Coordinator;
  signal: AbortSignal;
}
