import { sameMeaning, type Path } from './tree.ts';

/**
 * Values that were a default of one of upstream's charts, or are the API server's where a chart left the field out: nobody
 * set them, so that the chart of today has another is no loss (MarbleRun, charts/ at v0.5.1 to v1.9.1, and edgelesssys/helm
 * before).
 */
const defaults: Readonly<Record<string, readonly unknown[]>> = {
  'coordinator.repository': ['ghcr.io/edgelesssys/marblerun', 'ghcr.io/edgelesssys'],
  'coordinator.image': ['coordinator'],
  'coordinator.pullPolicy': ['IfNotPresent'],
  'coordinator.resources.limits.cpu': ['100m'],
  'coordinator.resources.limits.sgx.intel.com/epc': ['10Mi'],
  'coordinator.resources.limits.sgx.intel.com/enclave': [1],
  'coordinator.resources.limits.sgx.intel.com/provision': [1],
  'coordinator.resources.requests.cpu': ['10m'],
  'coordinator.resources.requests.memory': ['120Mi'],
  'coordinator.storageSize': ['10Mi'],
  'coordinator.storeBackend': ['k8s-secret'],
  'coordinator.stateSecretName': ['marblerun-state'],
  'coordinator.kekConfigMap': ['marblerun-sealed-kek'],
  'coordinator.keyAPIName': ['coordinator-key-api'],
  'marbleInjector.replicas': [1],
  'marbleInjector.repository': ['ghcr.io/edgelesssys/marblerun', 'ghcr.io/edgelesssys'],
  'marbleInjector.image': ['marble-injector'],
  'marbleInjector.pullPolicy': ['IfNotPresent'],
  'marbleInjector.resourceKey': ['sgx.intel.com/epc'],
  'marbleInjector.httpErrorLogLevel': ['error'],
  'marbleInjector.objectSelector': [
    { matchExpressions: [{ key: 'marblerun/marbletype', operator: 'Exists' }] },
  ],
  'nodeSelector.kubernetes.io/os': ['linux'],
  'nodeSelector.beta.kubernetes.io/os': ['linux'],
  tolerations: [[{ key: 'sgx.intel.com/epc', operator: 'Exists', effect: 'NoSchedule' }]],
  'dcap.pccsUrl': [
    'https://localhost:8081/sgx/certification/v3/',
    'https://global.acccache.azure.net/sgx/certification/v4/',
  ],
  'global.createdBy': ['Helm'],
};
/** The same for each of the three probes; 0, 10, 1 and 3 are the API server's. */
const probes: Readonly<Record<string, readonly unknown[]>> = {
  initialDelaySeconds: [0, 10, 15, 60],
  periodSeconds: [2, 10, 60],
  timeoutSeconds: [1, 15, 30],
  failureThreshold: [3, 7],
};

/** Whether a value is nothing that somebody set, whatever chart it comes from. */
export function wasDefault(path: Path, value: unknown): boolean {
  const key = path.join('.');
  const known = path[1] === 'probes' ? probes[path.at(-1) ?? ''] : defaults[key];
  return known?.some((standard) => sameMeaning(standard, value)) ?? false;
}
