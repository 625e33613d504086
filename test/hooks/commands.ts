import type { MemoryCluster } from './memory-cluster.ts';

/** What was changed in a cluster, Events left out, in order: `patch /apis/…`. */
export function commandsOf(cluster: MemoryCluster): string[] {
  return cluster.changes().map(({ verb, path }) => `${verb} ${path}`);
}
