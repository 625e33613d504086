import type { Cluster } from '../cluster.ts';
import type { Coordinator } from '../coordinator.ts';

/** What gathering needs from outside. */
export interface Sources {
  cluster: Cluster;
  /** Connects to the Coordinator at a URL. */
  coordinatorAt: (url: string) => Coordinator;
  signal: AbortSignal;
}
