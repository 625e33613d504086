import type { PersistentVolumeClaim, StorageClass } from '../../hooks/core/objects.ts';
import type { Change } from './builders.ts';

/** The claim that the chart makes, bound to a volume. */
export function claim(change: Change<PersistentVolumeClaim> = () => undefined): PersistentVolumeClaim {
  const object: PersistentVolumeClaim = {
    metadata: {
      name: 'coordinator-pv-claim',
      namespace: 'marblerun',
      uid: '61c1f0b5-6a54-4a38-9a0f-8e1c4c1c0005',
      annotations: {
        'helm.sh/resource-policy': 'keep',
        'pv.kubernetes.io/bind-completed': 'yes',
        'meta.helm.sh/release-name': 'marblerun-coordinator',
      },
    },
    spec: {
      volumeName: 'pvc-2a6b',
      storageClassName: 'managed-csi',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '10Mi' } },
    },
    status: { phase: 'Bound', capacity: { storage: '10Mi' } },
  };
  change(object);
  return object;
}

/** A StorageClass whose volumes can grow. */
export function storageClass(change: Change<StorageClass> = () => undefined): StorageClass {
  const object: StorageClass = {
    metadata: { name: 'managed-csi' },
    provisioner: 'disk.csi.example',
    allowVolumeExpansion: true,
  };
  change(object);
  return object;
}

/** The same claim as the chart renders it. */
export function renderedClaim(): PersistentVolumeClaim {
  const { name, namespace } = claim().metadata;
  return {
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      annotations: { 'helm.sh/resource-policy': 'keep' },
    },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } } },
  };
}
