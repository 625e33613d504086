import type { Deployment, PersistentVolumeClaim, StorageClass } from './objects.ts';

/** The claim that this chart and upstream's make; one of another name is the user's own. */
export const chartClaim = 'coordinator-pv-claim';

/** Keeps Helm from deleting an object that a release renders no more (Helm: `helm.sh/resource-policy`). */
export const keepAnnotation = { 'helm.sh/resource-policy': 'keep' };

/** What of the cluster bears on whether the sealed state is still there after the upgrade. */
export interface StorageFacts {
  /** The claim that the running Deployment mounts; undefined where it mounts none, or the claim is gone. */
  live: PersistentVolumeClaim | undefined;
  /** The claim that the new Deployment mounts; undefined where it does not exist. */
  target: PersistentVolumeClaim | undefined;
  /** The StorageClass of that claim; undefined where it has none, or the class is gone. */
  storageClass: StorageClass | undefined;
}

/** Name of the claim that a Deployment mounts; undefined where it mounts none. */
export function mountedClaim(deployment: Deployment): string | undefined {
  const volumes = deployment.spec.template.spec.volumes ?? [];
  return volumes.find(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined)
    ?.persistentVolumeClaim?.claimName;
}
