import type { RolloutRecord } from '../../hooks/core/record.ts';
import { paths } from '../../hooks/io/paths.ts';
import { namespace } from './builders.ts';
import type { MemoryCluster } from './memory-cluster.ts';

/** Where the hooks keep the record. */
export const recordPath = paths.configMap(namespace, 'marblerun-coordinator-record');

/** The record in a cluster. */
export function recorded(cluster: MemoryCluster): RolloutRecord {
  const { data } = cluster.objects.get(recordPath) as unknown as { data: Record<string, string> };
  return JSON.parse(data['record.json'] ?? '') as RolloutRecord;
}
