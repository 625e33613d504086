import type { Container, ObjectMeta, Pod, PodSpec } from '../objects.ts';

/** Name of the CronJob that the chart brings for restores, and which never runs by itself. */
export const restoreName = 'marblerun-coordinator-restore';

/** The chart's CronJob as far as it is read; its template is used whole. */
export interface RestoreCronJob {
  metadata: ObjectMeta;
  spec: { jobTemplate: { metadata?: Partial<ObjectMeta>; spec: RestoreJobSpec } };
}

/** What its Jobs do. */
export interface RestoreJobSpec {
  template: { metadata?: Partial<ObjectMeta>; spec: PodSpec };
}

/** Names of the ring's Secrets: the ones that the Jobs mount. */
export function mountedRing({ spec }: RestoreCronJob): string[] {
  const volumes = (spec.jobTemplate.spec.template.spec.volumes ?? []) as MountedCopies[];
  return volumes.flatMap(({ projected }) =>
    (projected?.sources ?? []).flatMap(({ secret }) => (secret?.name === undefined ? [] : [secret.name])),
  );
}

interface MountedCopies {
  projected?: { sources?: { secret?: { name?: string } }[] };
}

/** Name of the pod that a person's command starts, and of its ServiceAccount, Role and RoleBinding. No hook has it. */
export const byHandName = 'marblerun-coordinator-backup-by-hand';

/**
 * The pod that copies the sealed state, as the chart would render it, made of the one for restores: image, pull secrets,
 * tolerations and resources are those of the release. The chart's own is there for the length of a hook only.
 */
export function podByHand(cronJob: RestoreCronJob, namespace: string): Pod {
  const { metadata = {}, spec } = cronJob.spec.jobTemplate.spec.template;
  const { tolerations, imagePullSecrets } = spec;
  const component = 'coordinator-backup';
  return {
    metadata: {
      name: byHandName,
      namespace,
      labels: {
        ...metadata.labels,
        'app.kubernetes.io/component': component,
        'app.kubernetes.io/name': byHandName,
        'edgeless.systems/control-plane-component': component,
      },
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
    },
    spec: {
      ...{ restartPolicy: 'Never', activeDeadlineSeconds: 120, terminationGracePeriodSeconds: 5 },
      ...{ serviceAccountName: byHandName, automountServiceAccountToken: true },
      ...(tolerations === undefined ? {} : { tolerations }),
      ...(imagePullSecrets === undefined ? {} : { imagePullSecrets }),
      containers: spec.containers.map((container) => copier(container, mountedRing(cronJob).length)),
    },
  };
}

function copier(
  { name, image, imagePullPolicy, resources, securityContext }: Container,
  copies: number,
): Container {
  const fieldRef = { fieldPath: 'metadata.namespace' };
  const made = {
    name,
    args: ['copy-sealed-state', '--copies', String(copies)],
    env: [{ name: 'POD_NAMESPACE', valueFrom: { fieldRef } }],
  };
  const kept = { image, imagePullPolicy, resources, securityContext };
  const given = Object.entries(kept).filter(([, value]) => value !== undefined);
  return { ...made, ...Object.fromEntries(given) };
}

/** An object to apply, and the kind that says where. */
export interface RightsObject {
  apiVersion: string;
  kind: 'ServiceAccount' | 'Role' | 'RoleBinding';
  metadata: ObjectMeta;
}

/** What that pod may do: read and write the Secrets of the ring, as the chart lets the one of the hook. */
export function rightsByHand(ring: readonly string[], owner: { name: string; uid: string }): RightsObject[] {
  const metadata: ObjectMeta = {
    name: byHandName,
    labels: { 'app.kubernetes.io/managed-by': 'marblerun-hooks', 'app.kubernetes.io/part-of': 'marblerun' },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', ...owner }],
  };
  const rbac = 'rbac.authorization.k8s.io';
  const rule = { apiGroups: [''], resources: ['secrets'], resourceNames: ring };
  const bound = {
    roleRef: { apiGroup: rbac, kind: 'Role', name: byHandName },
    subjects: [{ kind: 'ServiceAccount', name: byHandName }],
  };
  const role = { rules: [{ ...rule, verbs: ['get', 'create', 'patch'] }] };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: `${rbac}/v1`, kind: 'Role', metadata, ...role },
    { apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata, ...bound },
  ];
}
