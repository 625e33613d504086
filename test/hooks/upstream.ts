import type { PreflightFacts } from '../../hooks/core/facts.ts';
import { known } from '../../hooks/core/known.ts';
import type { ReleaseObjects } from '../../hooks/core/lost/live-objects.ts';
import type { Container, Deployment } from '../../hooks/core/objects.ts';
import defaults from '../../charts/marblerun-coordinator/defaults.json' with { type: 'json' };
import { deployment, facts, image, namespace, type Change } from './builders.ts';

const selector = {
  'edgeless.systems/control-plane-component': 'coordinator',
  'edgeless.systems/control-plane-ns': namespace,
};
const names = ['coordinator-mesh-api', 'coordinator-client-api'];
const dnsNames = ['', `.${namespace}`, `.${namespace}.svc.cluster.local`].flatMap((suffix) =>
  names.map((name) => name + suffix),
);
const probe = (more: object) => ({ periodSeconds: 60, timeoutSeconds: 30, failureThreshold: 3, ...more });

/** The Coordinator's Deployment as upstream's chart 1.9.1 renders its defaults, and as this chart does. */
export function renderedDefaults(change: Change<Deployment> = () => undefined): Deployment {
  return deployment((object) => {
    object.spec.selector.matchLabels = { ...selector };
    object.spec.template.metadata = {
      labels: {
        ...selector,
        'app.kubernetes.io/name': 'coordinator',
        'app.kubernetes.io/created-by': 'Helm',
      },
    };
    const container: Container = {
      name: 'coordinator',
      image: `${image}:v1.9.1@sha256:${'84'.repeat(32)}`,
      imagePullPolicy: 'IfNotPresent',
      env: [
        { name: 'EDG_HTTP_ERROR_LOG_LEVEL', value: 'error' },
        { name: 'EDG_COORDINATOR_MESH_ADDR', value: '0.0.0.0:2001' },
        { name: 'EDG_COORDINATOR_CLIENT_ADDR', value: '0.0.0.0:4433' },
        { name: 'EDG_COORDINATOR_DNS_NAMES', value: ['localhost', ...dnsNames].join(',') },
        { name: 'EDG_COORDINATOR_SEAL_DIR', value: '/coordinator/data/' },
        { name: 'OE_SIMULATION', value: '0' },
      ],
      resources: {
        limits: { 'sgx.intel.com/enclave': '1', 'sgx.intel.com/epc': '10Mi', 'sgx.intel.com/provision': '1' },
      },
      startupProbe: probe({ periodSeconds: 2, initialDelaySeconds: 15 }),
      readinessProbe: probe({ failureThreshold: 7 }),
      livenessProbe: probe({}),
    };
    object.spec.template.spec.containers = [container];
    change(object);
  });
}

/** The Deployment of upstream's chart 0.6.0, as the API server keeps it. */
export function oldest(): Deployment {
  return renderedDefaults((object) => {
    const { spec } = object.spec.template;
    spec.nodeSelector = { 'beta.kubernetes.io/os': 'linux' };
    const env = container(object).env?.filter(({ name }) => name !== 'EDG_HTTP_ERROR_LOG_LEVEL') ?? [];
    const api = { periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 3 };
    const { startupProbe, ...rest } = container(object);
    if (startupProbe === undefined) throw new Error('the newest chart has a startup probe');
    spec.containers = [
      {
        ...rest,
        image: 'ghcr.io/edgelesssys/coordinator:v0.6.0',
        env: [...env, { name: 'DCAP_LIBRARY', value: 'azure' }],
        resources: {
          requests: { memory: '120Mi', cpu: '10m' },
          limits: { cpu: '100m', 'sgx.intel.com/epc': '10Mi' },
        },
        readinessProbe: { ...api, failureThreshold: 7 },
        livenessProbe: { ...api, initialDelaySeconds: 10 },
      },
    ];
  });
}

/** The Coordinator's container. */
export function container({ spec }: Deployment): Container {
  const [only] = spec.template.spec.containers;
  if (only === undefined) throw new Error('the Deployment has no container');
  return only;
}

/** Sets a variable of the Coordinator, or another value of one. */
export function setVariable(object: Deployment, name: string, value: string): void {
  const env = container(object).env?.filter((variable) => variable.name !== name) ?? [];
  container(object).env = [...env, { name, value }];
}

/** The other objects of a release of upstream's chart 1.9.1 with its defaults. */
export function releaseObjects(change: Change<ReleaseObjects> = () => undefined): ReleaseObjects {
  const { pccsUrl } = defaults.dcap;
  const qcnl = JSON.stringify({ pccs_url: pccsUrl, use_secure_cert: true });
  const service = (name: string) => known({ metadata: { name, namespace }, spec: { type: 'ClusterIP' } });
  const object: ReleaseObjects = {
    clientApi: service('coordinator-client-api'),
    meshApi: service('coordinator-mesh-api'),
    dcapConfig: known({
      metadata: { name: 'coordinator-dcap-config' },
      data: { 'sgx_default_qcnl.conf': qcnl },
    }),
    claim: known({
      metadata: { name: 'coordinator-pv-claim' },
      spec: { storageClassName: 'managed', resources: { requests: { storage: '10Mi' } } },
    }),
    storageClass: known({
      provisioner: 'disk.csi.example',
      metadata: {
        name: 'managed',
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      },
    }),
    injector: known(undefined),
    webhook: known(undefined),
  };
  change(object);
  return object;
}

/** An upgrade from upstream's chart, with default values on both sides and no record. */
export function movingIn(change: Change<PreflightFacts> = () => undefined): PreflightFacts {
  return facts((object) => {
    object.settings.values = structuredClone(defaults);
    object.settings.defaults = defaults;
    object.live = renderedDefaults();
    object.target = renderedDefaults();
    object.record = known(undefined);
    object.objects = releaseObjects();
    change(object);
  });
}
