import type { Container, Deployment, Probe, Resources, Toleration } from '../objects.ts';
import { secretDigest } from './lost-setting.ts';
import { imagePath } from './old-keys.ts';
import type { Path } from './tree.ts';

/** Values that an object's fields come from, as the chart would be told them. */
export type Reading = [Path, unknown][];

/**
 * The values that a Coordinator's Deployment was rendered from, as far as its fields tell: the same for this chart's and for
 * upstream's, whose templates agree in names (MarbleRun, charts/templates/coordinator.yaml at v0.5.1 to v1.9.1).
 */
export function readDeployment(deployment: Deployment, containerName: string, namespace: string): Reading {
  const { spec } = deployment.spec.template;
  const container = spec.containers.find(({ name }) => name === containerName);
  const claim = spec.volumes?.find(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined);
  return [
    [['coordinator', 'replicas'], deployment.spec.replicas ?? 1],
    ...(container === undefined ? [] : readContainer(container, namespace)),
    ...(claim === undefined ? [] : readClaim(claim.persistentVolumeClaim?.claimName ?? '')),
    ...readScheduling(spec.nodeSelector ?? {}, spec.tolerations ?? []),
    ...readSelector(deployment, namespace),
    ...readMetadata(deployment),
  ];
}

function readContainer(container: Container, namespace: string): Reading {
  const { image = '', imagePullPolicy, resources = {} } = container;
  const path = imagePath(image.replace(/@.*$/, '').replace(/:[^:/]*$/, ''));
  return [
    [['coordinator', 'repository'], path.repository],
    [['coordinator', 'image'], path.image],
    ...(imagePullPolicy === undefined
      ? []
      : ([[['coordinator', 'pullPolicy'], imagePullPolicy]] satisfies Reading)),
    ...readEnvironment(container, namespace),
    ...readResources(resources),
    ...(['startup', 'readiness', 'liveness'] as const).flatMap((name) =>
      readProbe(name, container[`${name}Probe`] ?? {}),
    ),
  ];
}

/** The value that a variable of the Coordinator holds as it is (coordinator/constants/constants.go at v1.9.1). */
const variables: Readonly<Record<string, string>> = {
  EDG_HTTP_ERROR_LOG_LEVEL: 'httpErrorLogLevel',
  EDG_STORE_BACKEND: 'storeBackend',
  EDG_K8S_STATE_NAME: 'stateSecretName',
  EDG_K8S_SERVICE_NAME: 'keyAPIName',
  EDG_K8S_KEK_MAP: 'kekConfigMap',
  EDG_AZURE_HSM_KEY_NAME: 'azureHSM.keyName',
  EDG_AZURE_HSM_KEY_VERSION: 'azureHSM.keyVersion',
  EDG_AZURE_HSM_VAULT_URL: 'azureHSM.vaultURL',
  EDG_MAA_URL: 'azureHSM.maaURL',
};

function readEnvironment({ env = [] }: Container, namespace: string): Reading {
  const keyApi = env.find(({ name }) => name === 'EDG_K8S_SERVICE_NAME')?.value;
  return env.flatMap(({ name, value = '', valueFrom }): Reading => {
    const plain = variables[name];
    if (plain !== undefined) return [[['coordinator', ...plain.split('.')], value]];
    switch (name) {
      case 'EDG_COORDINATOR_MESH_ADDR':
        return readAddress('meshServer', value);
      case 'EDG_COORDINATOR_CLIENT_ADDR':
        return readAddress('clientServer', value);
      case 'EDG_COORDINATOR_DNS_NAMES':
        return [[['coordinator', 'hostname'], usersNames(value, namespace, keyApi)]];
      case 'EDG_COORDINATOR_SEAL_DIR':
        return [[['coordinator', 'sealDir'], value.replace(/(.)\/+$/, '$1')]];
      case 'OE_SIMULATION':
        return [[['coordinator', 'simulation'], value === '1']];
      case 'EDG_DEBUG_LOGGING':
        return [[['coordinator', 'debugLogging'], value === '1']];
      case 'EDG_DISTRIBUTED_COORDINATOR':
        return [[['coordinator', 'distributedDeployment'], value === '1']];
      case 'EDG_COORDINATOR_PROMETHEUS_ADDR':
        return [
          [['metrics', 'enabled'], true],
          [['metrics', 'port'], Number(value.slice(value.lastIndexOf(':') + 1))],
        ];
      case 'EDG_AZURE_CLIENT_ID':
        return [[['coordinator', 'azureCredentials', 'secretName'], valueFrom?.secretKeyRef?.name]];
      default:
        return [];
    }
  });
}

function readAddress(name: string, address: string): Reading {
  const end = address.lastIndexOf(':');
  return [
    [['coordinator', `${name}Host`], address.slice(0, Math.max(end, 0))],
    [['coordinator', `${name}Port`], Number(address.slice(end + 1))],
  ];
}

/** The names in the Coordinator's certificate that are not the charts' own: localhost and the Services by every name. */
function usersNames(names: string, namespace: string, keyApi = 'coordinator-key-api'): string {
  const services = ['coordinator-mesh-api', 'coordinator-client-api', keyApi];
  const suffixes = ['', `.${namespace}`, `.${namespace}.svc.cluster.local`];
  const own = new Set(services.flatMap((service) => suffixes.map((suffix) => service + suffix)));
  const given = names.split(',').map((name) => name.trim());
  return given.filter((name) => name !== '' && name !== 'localhost' && !own.has(name)).join(',');
}

function readResources({ limits = {}, requests = {} }: Resources): Reading {
  return Object.entries({ limits, requests }).flatMap(([kind, amounts]) =>
    Object.entries(amounts).map(([name, amount]): Reading[number] => [
      ['coordinator', 'resources', kind, name],
      amount,
    ]),
  );
}

function readProbe(name: string, probe: Probe): Reading {
  return (['initialDelaySeconds', 'periodSeconds', 'timeoutSeconds', 'failureThreshold'] as const).flatMap(
    (field): Reading =>
      probe[field] === undefined ? [] : [[['coordinator', 'probes', name, field], probe[field]]],
  );
}

function readClaim(name: string): Reading {
  return [[['coordinator', 'pvcName'], name === 'coordinator-pv-claim' ? '' : name]];
}

/** Tolerations in one order, since theirs means nothing. */
function readScheduling(nodeSelector: Record<string, string>, tolerations: Toleration[]): Reading {
  const ordered = tolerations
    .map((toleration) => JSON.stringify(toleration, Object.keys(toleration).sort()))
    .sort()
    .map((text) => JSON.parse(text) as Toleration);
  return [
    ...Object.entries(nodeSelector).map(([key, value]): Reading[number] => [['nodeSelector', key], value]),
    ...(ordered.length === 0 ? [] : ([[['tolerations'], ordered]] satisfies Reading)),
  ];
}

function readSelector({ spec }: Deployment, namespace: string): Reading {
  return Object.entries(spec.selector.matchLabels ?? {}).flatMap(([key, value]): Reading => {
    if (value === 'coordinator') return [[['global', 'coordinatorComponentLabel'], key]];
    return value === namespace ? [[['global', 'coordinatorNamespaceLabel'], key]] : [];
  });
}

/** Labels and annotations of the charts, of Helm, and of kubectl's commands. */
const notTheUsers =
  /^(app\.kubernetes\.io|helm\.sh|edgeless\.systems|marblerun-hooks|kubectl\.kubernetes\.io)\//;

function readMetadata({ spec }: Deployment): Reading {
  const { labels = {}, annotations = {} } = spec.template.metadata ?? {};
  const selected = spec.selector.matchLabels ?? {};
  const workloadIdentity = 'azure.workload.identity/use';
  return [
    [['coordinator', 'azureCredentials', 'enableWorkloadIdentity'], labels[workloadIdentity] === 'true'],
    ...(labels['app.kubernetes.io/created-by'] === undefined
      ? []
      : ([[['global', 'createdBy'], labels['app.kubernetes.io/created-by']]] satisfies Reading)),
    ...Object.entries({ podLabels: labels, podAnnotations: annotations }).flatMap(([section, pairs]) =>
      Object.entries(pairs)
        .filter(([key]) => !notTheUsers.test(key) && !(key in selected) && key !== workloadIdentity)
        .map(([key, value]): Reading[number] => [['global', section, key], withoutSecret(key, value)]),
    ),
  ];
}

/** Where a name says that its value may be a secret, a digest of it, as in the chart's helper `marblerun.masked`. */
function withoutSecret(key: string, value: string): string {
  if (!/secret|password|passwd|token|credential|private|api-?key/i.test(key)) return value;
  return secretDigest(value);
}
