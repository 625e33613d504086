import { known, type Known } from '../../core/known.ts';
import type { Deployment, PersistentVolumeClaim, StorageClass } from '../../core/objects.ts';
import { mountedClaim, type StorageFacts } from '../../core/storage.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** The claims that the Deployment mounts before and after the upgrade, and the class that the latter's volume is of. */
export async function gatherStorage(
  cluster: Cluster,
  namespace: string,
  live: Deployment | undefined,
  target: Deployment,
): Promise<Known<StorageFacts>> {
  const claim = async (name: string | undefined): Promise<PersistentVolumeClaim | undefined> =>
    name === undefined ? undefined : await cluster.get(paths.claim(namespace, name));
  return await unlessForbidden(async () => {
    const before = live === undefined ? undefined : mountedClaim(live);
    const after = mountedClaim(target);
    const liveClaim = await claim(before);
    const targetClaim = before === after ? liveClaim : await claim(after);
    const className = targetClaim?.spec.storageClassName ?? '';
    const storageClass =
      className === '' ? undefined : await cluster.get<StorageClass>(paths.storageClass(className));
    return known({ live: liveClaim, target: targetClaim, storageClass });
  });
}
