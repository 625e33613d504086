import { known, unknown, type Known } from '../known.ts';
import type { PodSpec, SecurityContext, VolumeMount } from '../objects.ts';

/** Where a Coordinator's sealed state lies, and who may read it. */
export interface StateSource {
  /** The PersistentVolumeClaim. */
  claim: string;
  mount: VolumeMount;
  sealDir: string;
  /** Of a pod that may read what the Coordinator wrote (files of mode 0600). */
  securityContext: SecurityContext;
}

/** The Coordinator as its pod runs it; the user is root where nothing else is said, as MarbleRun's image has it. */
export function stateSource(spec: PodSpec, containerName: string): Known<StateSource> {
  const container = spec.containers.find(({ name }) => name === containerName);
  const sealDir = container?.env?.find(({ name }) => name === 'EDG_COORDINATOR_SEAL_DIR')?.value;
  if (sealDir === undefined) return unknown('its pod does not say where its seal directory is');
  const mount = (container?.volumeMounts ?? [])
    .filter(({ mountPath }) => isWithin(sealDir, mountPath))
    .sort((a, b) => a.mountPath.length - b.mountPath.length)
    .at(-1);
  const volume = spec.volumes?.find(({ name }) => name === mount?.name);
  const claim = volume?.persistentVolumeClaim?.claimName;
  if (mount === undefined || claim === undefined) {
    return unknown(`its seal directory ${sealDir} is on no PersistentVolumeClaim`);
  }
  return known({ claim, mount, sealDir, securityContext: reader(spec, container?.securityContext ?? {}) });
}

function isWithin(path: string, folder: string): boolean {
  return `${path.replace(/\/*$/, '')}/`.startsWith(`${folder.replace(/\/*$/, '')}/`);
}

/**
 * The group of the volume becomes one more group of the reader: as `fsGroup` it would make the kubelet change the
 * owner of the Coordinator's files.
 */
function reader({ securityContext = {} }: PodSpec, own: SecurityContext): SecurityContext {
  const user = own.runAsUser ?? securityContext.runAsUser ?? 0;
  const group = own.runAsGroup ?? securityContext.runAsGroup;
  const groups = [
    ...(securityContext.supplementalGroups ?? []),
    ...(securityContext.fsGroup === undefined ? [] : [securityContext.fsGroup]),
  ];
  const seLinuxOptions = own.seLinuxOptions ?? securityContext.seLinuxOptions;
  return {
    runAsUser: user,
    runAsNonRoot: user !== 0,
    ...(group === undefined ? {} : { runAsGroup: group }),
    ...(groups.length === 0 ? {} : { supplementalGroups: groups }),
    ...(seLinuxOptions === undefined ? {} : { seLinuxOptions }),
    seccompProfile: { type: 'RuntimeDefault' },
  };
}
