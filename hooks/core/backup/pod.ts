import type { Container, Pod } from '../objects.ts';
import { boundTo } from '../pin.ts';
import type { BackupOrder } from './plan.ts';

/**
 * The chart's backup pod, told what to copy. It is bound to the node of the volume, which it mounts read-only: so the
 * kubelet neither changes the files' owner nor their SELinux label under the running Coordinator (Kubernetes 1.34,
 * pkg/volume/csi and pkg/kubelet/kubelet_pods.go). Owned by the Coordinator's Deployment, so that it goes with it.
 */
export function backupPod(template: Pod, order: BackupOrder, owner: { name: string; uid: string }): Pod {
  const { source, node } = order;
  const { metadata, spec } = boundTo(node, template, owner);
  const persistentVolumeClaim = { claimName: source.claim, readOnly: true };
  return {
    metadata,
    spec: {
      ...spec,
      securityContext: source.securityContext,
      tolerations: [...(spec.tolerations ?? []), ...order.tolerations],
      containers: spec.containers.map((container) => told(container, order)),
      volumes: [...(spec.volumes ?? []), { name: source.mount.name, persistentVolumeClaim }],
    },
  };
}

function told(container: Container, { node, source, ...order }: BackupOrder): Container {
  const { coordinatorVersion, simulation, manifestFingerprint } = order;
  return {
    ...container,
    args: [
      ...(container.args ?? []),
      ...['--seal-dir', source.sealDir, '--node', node, '--coordinator-version', coordinatorVersion],
      ...(manifestFingerprint === undefined ? [] : ['--manifest', manifestFingerprint]),
      ...(simulation ? ['--simulation'] : []),
    ],
    volumeMounts: [...(container.volumeMounts ?? []), { ...source.mount, readOnly: true }],
  };
}
