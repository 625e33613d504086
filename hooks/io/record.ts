import { recordKey, recordName, writeRecord, type RolloutRecord } from '../core/record.ts';
import type { Cluster } from './cluster.ts';
import { ClusterError, type ClusterErrorKind } from './cluster-error.ts';
import { paths } from './paths.ts';

/** Writes the record's ConfigMap, whether it exists or not. */
export async function storeRecord(cluster: Cluster, namespace: string, record: RolloutRecord): Promise<void> {
  const data = { [recordKey]: writeRecord(record) };
  const update = async () => await cluster.patch(paths.configMap(namespace, recordName), 'merge', { data });
  const metadata = { name: recordName, labels: { 'app.kubernetes.io/managed-by': 'marblerun-hooks' } };
  const create = async () =>
    await cluster.create(paths.configMaps(namespace), {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data,
    });
  // Another pod of the same Job may create it in between; then it can be updated.
  await update().catch(on('not-found', () => create().catch(on('conflict', update))));
}

function on(kind: ClusterErrorKind, next: () => Promise<unknown>): (error: unknown) => Promise<unknown> {
  return async (error) => {
    if (error instanceof ClusterError && error.kind === kind) return await next();
    throw error;
  };
}
