import type { Cluster } from './cluster.ts';
import { ClusterError, type ClusterErrorKind } from './cluster-error.ts';
import { paths } from './paths.ts';

/** Writes a ConfigMap that the hooks make themselves, whether it exists or not. */
export async function storeConfigMap(
  cluster: Cluster,
  { namespace, name }: { namespace: string; name: string },
  data: Record<string, string>,
): Promise<void> {
  const update = async () => await cluster.patch(paths.configMap(namespace, name), 'merge', { data });
  const metadata = { name, labels: { 'app.kubernetes.io/managed-by': 'marblerun-hooks' } };
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
