import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from './handle.ts';

const className = 'lab-shared';

/** The cluster's default StorageClass. It makes no volumes by itself: {@link giveVolume} does. */
export const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {
    name: className,
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  },
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: 'Immediate',
  reclaimPolicy: 'Retain',
};

/**
 * Gives a namespace a volume for its claim that both nodes can mount, as network storage would be, and answers the
 * folder behind it. Called again, it makes the volume free for a new claim and leaves what is on it.
 */
export async function giveVolume(
  lab: Lab,
  namespace: string,
  claim = 'coordinator-pv-claim',
): Promise<string> {
  const path = join(lab.dir, 'volumes', namespace, claim);
  await mkdir(path, { recursive: true });
  // Any user of any container may write.
  await chmod(path, 0o777);
  const name = `${namespace}-${claim}`;
  await lab.kubectl('delete', 'persistentvolume', name, '--ignore-not-found');
  await lab.apply({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce', 'ReadWriteMany', 'ReadOnlyMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: className,
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: claim },
      hostPath: { path, type: 'Directory' },
    },
  });
  return path;
}
