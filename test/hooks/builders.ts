import { chartValues } from './chart-values.ts';
import { coordinatorPodSpec } from './pod-spec.ts';
import type { PreflightFacts } from '../../hooks/core/facts.ts';
import { known } from '../../hooks/core/known.ts';
import { noMarbles } from '../../hooks/core/marbles/found.ts';
import type { Deployment, Node, Pod } from '../../hooks/core/objects.ts';
import type { RolloutRecord } from '../../hooks/core/record.ts';
import type { Settings } from '../../hooks/core/settings.ts';
import { CoordinatorState, type CoordinatorFacts } from '../../hooks/core/states.ts';
import { claim, renderedClaim, storageClass } from './claims.ts';

/** Changes a built object in place, after its defaults are set. */
export type Change<T> = (object: T) => void;

const unchanged = (): void => undefined;

export const namespace = 'marblerun';
export const coordinatorName = 'marblerun-coordinator';
export const rootCertificate = '5f1d7c0e'.repeat(8);
export const otherCertificate = 'e07a93b4'.repeat(8);
export const intermediateCertificate = '2b6c88d1'.repeat(8);
export const manifestFingerprint = '91ab04fe'.repeat(8);
export const image = 'ghcr.io/edgelesssys/marblerun/coordinator';
export const groupLabel = { key: 'marblerun-hooks/placement-group', value: 'coordinator' };

const component = 'edgeless.systems/control-plane-component';
const selectorLabels = { [component]: 'coordinator', 'edgeless.systems/control-plane-ns': namespace };

/** The chart's settings with its default values. */
export function settings(change: Change<Settings> = unchanged): Settings & { schemaVersion: 1 } {
  const object = {
    schemaVersion: 1 as const,
    release: { name: coordinatorName, namespace, revision: 7 },
    chart: { name: 'marblerun-coordinator', version: '0.1.0', appVersion: 'v1.9.1' },
    coordinator: {
      deployment: coordinatorName,
      container: 'coordinator',
      version: 'v1.9.1',
      simulation: false,
      clientPort: 4433,
      meshPort: 2001,
      persistentVolumeClaim: 'coordinator-pv-claim',
    },
    anchor: { deployment: 'marblerun-coordinator-anchor' },
    placement: { stickiness: 'required' as const, avoidNodes: [], groupLabel: { ...groupLabel } },
    hooks: { acknowledge: [], deadlineSeconds: 200, preflight: { mode: 'enforce' as const } },
    recovery: { mode: 'manual' as const },
    backup: { enabled: false, copies: 3 },
    rollout: {
      restart: 'auto' as const,
      maxConcurrent: 5,
      nonce: '',
      onDelete: 'report' as const,
      namespaces: [],
      detach: false,
      detachedDeadlineSeconds: 3600,
    },
    claim: renderedClaim(),
    oldKeys: [],
    values: chartValues(),
    defaults: chartValues(),
  };
  change(object);
  return object;
}

/** An Azure node with the SGX device plugin, as its kubelet reports it. */
export function node(change: Change<Node> = unchanged): Node {
  const object: Node = {
    metadata: {
      name: 'sgx-1',
      uid: '4a8d4d1e-56a0-4a43-a4c4-8e1c4c1c0001',
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': 'sgx-1',
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': 'Standard_DC4s_v3',
        'topology.kubernetes.io/zone': 'westeurope-1',
      },
    },
    spec: { taints: [{ key: 'sgx.intel.com/epc', value: 'true', effect: 'NoSchedule' }] },
    status: {
      allocatable: {
        cpu: '3860m',
        memory: '27985600Ki',
        'ephemeral-storage': '119703055367',
        pods: '110',
        'sgx.intel.com/epc': '17179869184',
        'sgx.intel.com/enclave': '110',
        'sgx.intel.com/provision': '110',
      },
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
    },
  };
  change(object);
  return object;
}

/** The running pod of the Coordinator on sgx-1, made by an earlier revision of the chart. */
export function pod(change: Change<Pod> = unchanged): Pod {
  const object: Pod = {
    metadata: {
      name: 'marblerun-coordinator-7c9f8d6b5-x2x4q',
      namespace,
      uid: '9c5d1a52-0b3c-4c35-8f5e-8e1c4c1c0002',
      labels: { ...selectorLabels, 'pod-template-hash': '7c9f8d6b5', [groupLabel.key]: groupLabel.value },
    },
    spec: { nodeName: 'sgx-1', ...coordinatorPodSpec(`${image}:v1.8.0`) },
    status: {
      phase: 'Running',
      podIP: '10.244.1.7',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [{ name: 'coordinator', ready: true, restartCount: 0, state: {} }],
    },
  };
  change(object);
  return object;
}

/** The anchor's pod next to it. */
export function anchorPod(change: Change<Pod> = unchanged): Pod {
  return pod((object) => {
    object.metadata = {
      name: 'marblerun-coordinator-anchor-66d5b5c4f9-q8gkz',
      namespace,
      uid: '0d2a3a6c-9f0e-4a2a-9d0b-8e1c4c1c0003',
      labels: { [component]: 'anchor', [groupLabel.key]: groupLabel.value },
    };
    delete object.spec.volumes;
    object.spec.containers = [
      { name: 'marblerun-hooks', resources: { requests: { cpu: '5m', memory: '32Mi' } } },
    ];
    change(object);
  });
}

/** The Coordinator's Deployment, rolled out, as the API server holds it. */
export function deployment(change: Change<Deployment> = unchanged): Deployment {
  const object: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: coordinatorName,
      namespace,
      uid: '7e1f6a4b-2c3d-4e5f-8a9b-8e1c4c1c0004',
      resourceVersion: '48213',
      generation: 3,
      labels: { 'app.kubernetes.io/name': 'coordinator' },
      annotations: { 'meta.helm.sh/release-name': coordinatorName },
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: selectorLabels },
      strategy: { type: 'Recreate' },
      template: {
        metadata: { labels: { ...selectorLabels, [groupLabel.key]: groupLabel.value } },
        spec: coordinatorPodSpec(`${image}:v1.8.0`),
      },
    },
    status: rolledOut(3, 1),
  };
  change(object);
  return object;
}

/** A Marble's Deployment in the namespace `shop`, rolled out. */
export function marble(name: string, change: Change<Deployment> = unchanged): Deployment {
  return deployment((object) => {
    object.metadata = {
      name,
      namespace: 'shop',
      uid: `uid-${name}`,
      resourceVersion: '512',
      generation: 3,
      labels: { app: name },
    };
    object.spec = {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      strategy: { type: 'RollingUpdate' },
      template: {
        metadata: { labels: { app: name, 'marblerun/marbletype': 'frontend' } },
        spec: { containers: [{ name: 'web', image: `registry.example/${name}:1.0` }] },
      },
    };
    object.status = rolledOut(3, 2);
    change(object);
  });
}

/** The status of a Deployment of which every pod is new and available. */
export function rolledOut(generation: number, replicas: number): NonNullable<Deployment['status']> {
  return {
    observedGeneration: generation,
    replicas,
    updatedReplicas: replicas,
    readyReplicas: replicas,
    availableReplicas: replicas,
    conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }],
  };
}

/** A Coordinator in state 3 with two RecoveryKeys. */
export function coordinator(change: Change<CoordinatorFacts> = unchanged): CoordinatorFacts {
  const object: CoordinatorFacts = {
    state: CoordinatorState.AcceptingMarbles,
    rootCertificate,
    intermediateCertificate,
    manifest: {
      fingerprint: manifestFingerprint,
      recoveryKeys: ['alice', 'bob'],
      recoveryKeyDigests: {},
      recoveryThreshold: 2,
      sealMode: 'ProductKey',
      maxActivations: {},
      oldTemplates: false,
      unlistedHardening: [],
      bindsSecrets: false,
    },
    updates: known([]),
    pendingUpdate: known(undefined),
  };
  change(object);
  return object;
}

/** What the last rollout saw: the same Coordinator on sgx-1. */
export function record(change: Change<RolloutRecord> = unchanged): RolloutRecord {
  const object: RolloutRecord = {
    schemaVersion: 1,
    time: '2026-10-05T09:30:00.000Z',
    chartVersion: '0.1.0',
    revision: 6,
    coordinator: { version: 'v1.8.0', image: `${image}:v1.8.0`, node: 'sgx-1' },
    rootCertificate,
    intermediateCertificate,
    manifestFingerprint,
    recoveryKeys: { parties: 2, threshold: 2 },
    ...{ startedUnder: 'c0ffee0123456789', bootstrapping: 6 },
    completed: '2026-10-05T09:30:00.000Z',
    values: { coordinator: { version: 'v1.8.0' } },
  };
  change(object);
  return object;
}

/** An upgrade from v1.8.0 to v1.9.1 that nothing speaks against. */
export function facts(change: Change<PreflightFacts> = unchanged): PreflightFacts {
  const object: PreflightFacts = {
    settings: settings(),
    target: deployment(({ spec }) => {
      spec.template.spec = { ...coordinatorPodSpec(`${image}:v1.9.1`), affinity: towardGroup() };
    }),
    live: deployment(),
    pods: [pod()],
    group: [pod(), anchorPod()],
    coordinator: known(coordinator()),
    node: known({ node: node(), pods: [pod(), anchorPod()] }),
    record: known(record()),
    marbles: noMarbles,
    injector: undefined,
    missingRights: known([]),
    objects: undefined,
    conflicts: known([]),
    valueProblems: [],
    storage: known({ live: claim(), target: claim(), storageClass: storageClass() }),
  };
  change(object);
  return object;
}

function towardGroup(): NonNullable<Pod['spec']['affinity']> {
  const labelSelector = { matchLabels: { [groupLabel.key]: groupLabel.value } };
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector };
  return { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
}
