import { known, unknown, type Known } from '../../core/known.ts';
import type { Deployment } from '../../core/objects.ts';
import { appliedByHelm, helmManager, type FieldConflict } from '../../core/ownership.ts';
import type { Cluster } from '../cluster.ts';
import { ClusterError } from '../cluster-error.ts';
import { paths } from '../paths.ts';

/**
 * Asks the API server itself, by a dry run as Helm's field manager. The strategy is left out: switching it is done
 * apart, and the dry run would be refused for it.
 */
export async function fieldConflicts(
  cluster: Cluster,
  live: Deployment | undefined,
  target: Deployment,
  namespace: string,
): Promise<Known<FieldConflict[]>> {
  if (live === undefined || !appliedByHelm(live.metadata.managedFields ?? [])) return known([]);
  const spec = { ...target.spec };
  delete spec.strategy;
  const { name, labels, annotations } = target.metadata;
  const path = paths.deployment(namespace, name);
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels, annotations }, spec };
  try {
    await cluster.patch(path, 'apply', object, { fieldManager: helmManager, dryRun: 'All' });
    return known([]);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    if (error.kind !== 'conflict') return unknown(error.message);
    return known(error.causes.flatMap(({ message, field }) => conflictOf(message ?? '', field ?? '')));
  }
}

/** The API server words a conflict as `conflict with "MANAGER" using apps/v1`, with or without more behind it. */
function conflictOf(message: string, field: string): FieldConflict[] {
  const manager = /conflict with "([^"]+)"/.exec(message)?.[1];
  return manager === undefined ? [] : [{ manager, field }];
}
