import type { WorkloadKind, WorkloadName } from '../core/marbles/workload.ts';

const workloadResources: Readonly<Record<WorkloadKind, { group: string; resource: string }>> = {
  Deployment: { group: '/apis/apps/v1', resource: 'deployments' },
  StatefulSet: { group: '/apis/apps/v1', resource: 'statefulsets' },
  DaemonSet: { group: '/apis/apps/v1', resource: 'daemonsets' },
  Rollout: { group: '/apis/argoproj.io/v1alpha1', resource: 'rollouts' },
};

/** API paths of the objects that the hooks use. Names come from the API itself or from the chart and need no escaping. */
export const paths = {
  deployment: (namespace: string, name: string): string =>
    `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
  workload: ({ kind, namespace, name }: WorkloadName): string => `${workloads(kind, namespace)}/${name}`,
  /** Of one namespace, or of all. */
  workloads,
  controllerRevisions: (namespace?: string): string =>
    inNamespace('/apis/apps/v1', namespace, 'controllerrevisions'),
  replicaSets: (namespace?: string): string => inNamespace('/apis/apps/v1', namespace, 'replicasets'),
  ownAccessReviews: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  accessReviews: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
  webhook: (name: string): string =>
    `/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/${name}`,
  pods: (namespace?: string): string => inNamespace('/api/v1', namespace, 'pods'),
  pod: (namespace: string, name: string): string => `/api/v1/namespaces/${namespace}/pods/${name}`,
  podLog: (namespace: string, name: string): string => `/api/v1/namespaces/${namespace}/pods/${name}/log`,
  eviction: (namespace: string, pod: string): string =>
    `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`,
  budgets: (namespace?: string): string => inNamespace('/apis/policy/v1', namespace, 'poddisruptionbudgets'),
  budget: (namespace: string, name: string): string =>
    `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets/${name}`,
  jobs: (namespace: string): string => `/apis/batch/v1/namespaces/${namespace}/jobs`,
  job: (namespace: string, name: string): string => `/apis/batch/v1/namespaces/${namespace}/jobs/${name}`,
  cronJob: (namespace: string, name: string): string =>
    `/apis/batch/v1/namespaces/${namespace}/cronjobs/${name}`,
  serviceAccount: (namespace: string, name: string): string =>
    `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`,
  role: (namespace: string, name: string): string =>
    `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/${name}`,
  roleBinding: (namespace: string, name: string): string =>
    `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings/${name}`,
  autoscalers: (namespace: string): string =>
    `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`,
  nodes: (): string => '/api/v1/nodes',
  node: (name: string): string => `/api/v1/nodes/${name}`,
  configMaps: (namespace: string): string => `/api/v1/namespaces/${namespace}/configmaps`,
  configMap: (namespace: string, name: string): string =>
    `/api/v1/namespaces/${namespace}/configmaps/${name}`,
  secrets: (namespace: string): string => `/api/v1/namespaces/${namespace}/secrets`,
  secret: (namespace: string, name: string): string => `/api/v1/namespaces/${namespace}/secrets/${name}`,
  claims: (namespace: string): string => `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
  claim: (namespace: string, name: string): string =>
    `/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`,
  volume: (name: string): string => `/api/v1/persistentvolumes/${name}`,
  storageClass: (name: string): string => `/apis/storage.k8s.io/v1/storageclasses/${name}`,
  runtimeClass: (name: string): string => `/apis/node.k8s.io/v1/runtimeclasses/${name}`,
  service: (namespace: string, name: string): string => `/api/v1/namespaces/${namespace}/services/${name}`,
  events: (namespace: string): string => `/api/v1/namespaces/${namespace}/events`,
};

/** Where to look, as lists take it: the namespaces that are named, each once, or all of them in one. */
export function scopesOf(namespaces: readonly string[]): (string | undefined)[] {
  return namespaces.length === 0 ? [undefined] : [...new Set(namespaces)];
}

function workloads(kind: WorkloadKind, namespace?: string): string {
  const { group, resource } = workloadResources[kind];
  return inNamespace(group, namespace, resource);
}

function inNamespace(group: string, namespace: string | undefined, resource: string): string {
  return namespace === undefined ? `${group}/${resource}` : `${group}/namespaces/${namespace}/${resource}`;
}
