import { recordKey, recordName, writeRecord, type RolloutRecord } from '../core/record.ts';
import type { Cluster } from './cluster.ts';
import { storeConfigMap } from './config-map.ts';
import { paths } from './paths.ts';

/** Writes the record's ConfigMap, whether it exists or not. */
export async function storeRecord(cluster: Cluster, namespace: string, record: RolloutRecord): Promise<void> {
  await storeConfigMap(cluster, { namespace, name: recordName }, { [recordKey]: writeRecord(record) });
}

/**
 * Changes a record that is there, unless somebody else has changed it since it was read: that is a ClusterError of kind
 * `conflict`.
 */
export async function changeRecord(
  cluster: Cluster,
  namespace: string,
  record: RolloutRecord,
  resourceVersion: string,
): Promise<void> {
  const change = { metadata: { resourceVersion }, data: { [recordKey]: writeRecord(record) } };
  await cluster.patch(paths.configMap(namespace, recordName), 'merge', change);
}
