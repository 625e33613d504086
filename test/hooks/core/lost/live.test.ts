import { expect } from 'chai';
import type { PreflightFacts } from '../../../../hooks/core/facts.ts';
import { known } from '../../../../hooks/core/known.ts';
import { lostFromObjects } from '../../../../hooks/core/lost/live.ts';
import type { ReleaseObjects } from '../../../../hooks/core/lost/live-objects.ts';
import type { Deployment } from '../../../../hooks/core/objects.ts';
import type { Change } from '../../builders.ts';
import {
  container,
  movingIn,
  oldest,
  releaseObjects,
  renderedDefaults,
  setVariable,
} from '../../upstream.ts';

function lost(given: PreflightFacts): string[] {
  const { live, objects } = given;
  if (live === undefined || objects === undefined) throw new Error('nothing lives');
  return lostFromObjects(live, objects, given).map(
    ({ name, before, after }) => `${name}: ${JSON.stringify(before)} -> ${JSON.stringify(after ?? null)}`,
  );
}

const live = (change: Change<Deployment>) => movingIn((f) => (f.live = renderedDefaults(change)));
const withObjects = (change: Change<ReleaseObjects>) => movingIn((f) => (f.objects = releaseObjects(change)));
const qcnl =
  (text: string): Change<ReleaseObjects> =>
  (objects) => {
    const data = { 'sgx_default_qcnl.conf': text };
    objects.dcapConfig = known({ metadata: { name: 'coordinator-dcap-config' }, data });
  };

describe('lostFromObjects', () => {
  it('finds nothing where both charts have their defaults', () => {
    expect(lost(movingIn())).to.deep.equal([]);
  });

  it('finds nothing in what an old chart had by default', () => {
    const old = qcnl('PCCS_URL=https://localhost:8081/sgx/certification/v3/\nUSE_SECURE_CERT=TRUE\n');
    const given = movingIn((f) => {
      f.live = oldest();
      f.objects = releaseObjects(old);
    });
    expect(lost(given)).to.deep.equal([]);
  });

  const variables: [string, string, string][] = [
    ['EDG_HTTP_ERROR_LOG_LEVEL', 'info', 'coordinator.httpErrorLogLevel: "info" -> "error"'],
    ['EDG_COORDINATOR_MESH_ADDR', '0.0.0.0:2002', 'coordinator.meshServerPort: 2002 -> 2001'],
    ['EDG_COORDINATOR_CLIENT_ADDR', '[::]:4433', 'coordinator.clientServerHost: "[::]" -> "0.0.0.0"'],
    [
      'EDG_COORDINATOR_DNS_NAMES',
      'mesh.example.com, 10.0.0.1,localhost,coordinator-client-api.marblerun,coordinator-key-api',
      'coordinator.hostname: "mesh.example.com,10.0.0.1" -> ""',
    ],
    [
      'EDG_COORDINATOR_SEAL_DIR',
      '/coordinator/data/in',
      'coordinator.sealDir: "/coordinator/data/in" -> "/coordinator/data"',
    ],
    ['OE_SIMULATION', '1', 'coordinator.simulation: true -> false'],
    ['EDG_DEBUG_LOGGING', '1', 'coordinator.debugLogging: true -> null'],
    ['EDG_DISTRIBUTED_COORDINATOR', '1', 'coordinator.distributedDeployment: true -> null'],
    ['EDG_K8S_STATE_NAME', 'state', 'coordinator.stateSecretName: "state" -> null'],
    [
      'EDG_AZURE_HSM_VAULT_URL',
      'https://v.example',
      'coordinator.azureHSM.vaultURL: "https://v.example" -> null',
    ],
  ];
  for (const [name, value, expected] of variables) {
    it(`reads ${name}`, () => {
      expect(
        lost(
          live((object) => {
            setVariable(object, name, value);
          }),
        ),
      ).to.deep.equal([expected]);
    });
  }

  const fields: [string, Change<Deployment>, string[]][] = [
    ['replicas', (d) => (d.spec.replicas = 3), ['coordinator.replicas: 3 -> 1']],
    [
      'the registry path and name of the image, but not its version',
      (d) => (container(d).image = 'r.example:5000/mirror/coord:v1.2.0'),
      [
        'coordinator.repository: "r.example:5000/mirror" -> "ghcr.io/edgelesssys/marblerun"',
        'coordinator.image: "coord" -> "coordinator"',
      ],
    ],
    [
      'the pull policy',
      (d) => (container(d).imagePullPolicy = 'Always'),
      ['coordinator.pullPolicy: "Always" -> "IfNotPresent"'],
    ],
    [
      'the claim',
      (d) => (d.spec.template.spec.volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'mine' } }]),
      ['coordinator.pvcName: "mine" -> ""'],
    ],
    [
      'resources, with devices of another plugin in place of Intel’s',
      (d) =>
        (container(d).resources = {
          limits: { 'kubernetes.azure.com/sgx_epc_mem_in_MiB': '10' },
          requests: { memory: '1Gi' },
        }),
      [
        'coordinator.resources.limits.kubernetes.azure.com/sgx_epc_mem_in_MiB: "10" -> null',
        'coordinator.resources.requests.memory: "1Gi" -> null',
        'coordinator.resources.limits.sgx.intel.com/enclave: null -> "1"',
        'coordinator.resources.limits.sgx.intel.com/epc: null -> "10Mi"',
        'coordinator.resources.limits.sgx.intel.com/provision: null -> "1"',
      ],
    ],
    [
      'another amount of EPC',
      (d) => (container(d).resources = { limits: { 'sgx.intel.com/epc': '20Mi' } }),
      ['coordinator.resources.limits.sgx.intel.com/epc: "20Mi" -> "10Mi"'],
    ],
    [
      'probes',
      (d) =>
        (container(d).startupProbe = { initialDelaySeconds: 15, failureThreshold: 90, periodSeconds: 2 }),
      ['coordinator.probes.startup.failureThreshold: 90 -> 3'],
    ],
    [
      'node labels',
      (d) => (d.spec.template.spec.nodeSelector = { pool: 'sgx' }),
      ['nodeSelector.pool: "sgx" -> null'],
    ],
    [
      'labels and annotations of the pod that somebody gave it, and never a secret',
      (d) => {
        const { metadata = {} } = d.spec.template;
        metadata.labels = { ...metadata.labels, team: 'mesh', 'helm.sh/chart': 'x' };
        metadata.annotations = { 'kubectl.kubernetes.io/restartedAt': 'x', 'api-token': 'hunter2' };
      },
      ['global.podLabels.team: "mesh" -> null', 'global.podAnnotations.api-token: "sha256:f52fbd32" -> null'],
    ],
    [
      'labels that select pods',
      (d) =>
        (d.spec.selector.matchLabels = { 'example.com/part': 'coordinator', 'example.com/ns': 'marblerun' }),
      [
        'global.coordinatorComponentLabel: "example.com/part" -> "edgeless.systems/control-plane-component"',
        'global.coordinatorNamespaceLabel: "example.com/ns" -> "edgeless.systems/control-plane-ns"',
      ],
    ],
  ];
  for (const [title, change, expected] of fields) {
    it(`reads ${title}`, () => {
      expect(lost(live(change))).to.deep.equal(expected);
    });
  }

  it('reads tolerations in any order, as one list', () => {
    const infra = { operator: 'Exists', key: 'infra' };
    const given = (list: object[]) => live((d) => (d.spec.template.spec.tolerations = list));
    expect(lost(given([infra]))).to.have.length(1);
    expect(lost(given([infra]))[0]).to.match(/^tolerations: \[\{"key":"infra"/);
    expect(lost(given([]))).to.deep.equal([]);
    const both = movingIn((f) => {
      const [sgx = {}] = f.target.spec.template.spec.tolerations ?? [];
      f.live = renderedDefaults((d) => (d.spec.template.spec.tolerations = [infra, sgx]));
      f.target = renderedDefaults((d) => (d.spec.template.spec.tolerations = [sgx, infra]));
    });
    expect(lost(both)).to.deep.equal([]);
  });

  const others: [string, Change<ReleaseObjects>, string[]][] = [
    [
      'the PCCS',
      qcnl('{"pccs_url": "https://pccs.example/", "use_secure_cert": false}'),
      [
        'dcap.pccsUrl: "https://pccs.example/" -> "https://global.acccache.azure.net/sgx/certification/v4/"',
        'dcap.useSecureCert: false -> true',
      ],
    ],
    [
      'a whole QCNL configuration',
      qcnl('{"pccs_url": "https://p/", "retry_times": 6}'),
      ['dcap.qcnlConfig: "{\\"pccs_url\\": \\"https://p/\\", \\"retry_times\\": 6}" -> ""'],
    ],
    [
      'size and class of the volume',
      (o) => {
        const resources = { requests: { storage: '20Mi' } };
        o.claim = known({ metadata: { name: 'c' }, spec: { storageClassName: 'fast', resources } });
        o.storageClass = known({ metadata: { name: 'fast' }, provisioner: 'disk.csi.example' });
      },
      ['coordinator.storageSize: "20Mi" -> "10Mi"', 'coordinator.storageClass: "fast" -> ""'],
    ],
    [
      'Services that are reached from outside',
      (o) =>
        (o.clientApi = known({
          metadata: { name: 'coordinator-client-api' },
          spec: { type: 'LoadBalancer' },
        })),
      ['service/coordinator-client-api .spec.type: "LoadBalancer" -> "ClusterIP"'],
    ],
    [
      'the injector of this release',
      (o) => (o.injector = known(injector('marblerun-coordinator'))),
      ['marbleInjector.start: true -> false'],
    ],
    ['no injector of another release', (o) => (o.injector = known(injector('other'))), []],
  ];
  for (const [title, change, expected] of others) {
    it(`reads ${title}`, () => {
      expect(lost(withObjects(change))).to.deep.equal(expected);
    });
  }

  it('reads the Secrets for the registry from the pod, unless the values name any', () => {
    const given = (names: string[], pullSecret = '') =>
      movingIn((f) => {
        const [pod] = f.pods;
        if (pod !== undefined) pod.spec.imagePullSecrets = names.map((name) => ({ name }));
        f.settings.values.global = { pullSecret };
      });
    expect(lost(given(['r']))).to.deep.equal(['global.pullSecret: "r" -> ""']);
    expect(lost(given(['r', 's']))).to.deep.equal(['global.imagePullSecrets: ["r","s"] -> null']);
    expect(lost(given(['r'], 'other'))).to.deep.equal([]);
  });

  it('finds nothing that the values change, whatever they say', () => {
    const given = live((object) => {
      setVariable(object, 'OE_SIMULATION', '1');
      setVariable(object, 'EDG_COORDINATOR_DNS_NAMES', 'mesh.example.com,localhost');
      container(object).image = 'r.example/coordinator:v1';
    });
    given.settings.values.coordinator = {
      ...(given.settings.values.coordinator as object),
      simulation: 1,
      hostname: 'other.example.com',
      coordinatorImage: 'other.example/coordinator',
    };
    expect(lost(given)).to.deep.equal([]);
  });

  it('finds no loss of DCAP in simulation mode, nor of the chart’s claim beside one of the user’s', () => {
    const given = withObjects((o) => {
      qcnl('{"pccs_url": "https://pccs.example/"}')(o);
      o.claim = known({ metadata: { name: 'c' }, spec: { resources: { requests: { storage: '20Mi' } } } });
    });
    given.settings.coordinator.simulation = true;
    given.settings.values.coordinator = { ...(given.settings.values.coordinator as object), pvcName: 'mine' };
    expect(lost(given)).to.deep.equal([]);
  });
});

function injector(release: string): Deployment {
  return renderedDefaults(({ metadata }) => {
    metadata.name = 'marble-injector';
    metadata.annotations = { 'meta.helm.sh/release-name': release };
  });
}
