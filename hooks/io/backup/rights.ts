import { byHandName, type RightsObject } from '../../core/backup/restore-job.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';

const pathOf: Readonly<Record<RightsObject['kind'], (namespace: string, name: string) => string>> = {
  ServiceAccount: paths.serviceAccount,
  Role: paths.role,
  RoleBinding: paths.roleBinding,
};

/** Makes the rights of the pod, or makes those right that an earlier command has left. */
export async function grant(
  cluster: Cluster,
  namespace: string,
  objects: readonly RightsObject[],
): Promise<void> {
  for (const object of objects)
    await cluster.patch(pathOf[object.kind](namespace, byHandName), 'apply', object);
}

/** Takes them all away again, whichever there are; answers why some could not be. */
export async function revoke(cluster: Cluster, namespace: string): Promise<string[]> {
  const removed = Object.values(pathOf).map(async (path): Promise<string[]> => {
    try {
      await cluster.delete(path(namespace, byHandName));
      return [];
    } catch (error) {
      return [`${path(namespace, byHandName)} is left over: ${(error as Error).message}`];
    }
  });
  return (await Promise.all(removed)).flat();
}
