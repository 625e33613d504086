import { fakeNodeTaint } from '../lab/kwok.ts';
import { pauseImage } from '../lab/images/names.ts';

/** Kinds of Marble workloads that a rollout restarts. */
export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet';

/** Where the API server keeps objects of a kind. */
export const resourceOf: Readonly<Record<WorkloadKind, string>> = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
};

/** One workload of a proof. */
export interface Workload {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  /** Pods that it has; of a DaemonSet, one on each fake node. */
  readonly pods: number;
  /** Its `marblerun-hooks/wave`, if it names one. */
  readonly wave?: number;
}

/** What the workloads of a proof can be selected by; the program does not need it. */
export const proofLabel = { proof: 'rollout' };

/** Nodes that a proof's Marbles run on. */
export const marbleNodes = 3;

/** So many Deployments of one pod in one namespace. */
export function deployments(namespace: string, count: number): Workload[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: 'Deployment',
    namespace,
    name: `marble-${String(index)}`,
    pods: 1,
  }));
}

type Row = readonly [kind: WorkloadKind, pods: number, wave?: number];

/** Kinds, sizes and waves mixed; a DaemonSet has a pod on each node. */
const mix: readonly Row[] = [
  ['Deployment', 1, 1],
  ['StatefulSet', 2, 1],
  ['DaemonSet', marbleNodes, 1],
  ['Deployment', 3],
  ['Deployment', 2, 2],
  ['StatefulSet', 3, 2],
  ['DaemonSet', marbleNodes],
  ['Deployment', 1, 2],
  ['Deployment', 1],
  ['StatefulSet', 1, 3],
  ['Deployment', 2, 3],
  ['Deployment', 1, 3],
];

/**
 * `count` workloads, at most twelve, of these kinds in turn in both namespaces. A kind that is not asked for is played by a Deployment of
 * as many pods.
 */
export function mixedWorkloads(
  [mesh, apps]: readonly [string, string],
  kinds: readonly WorkloadKind[],
  count = mix.length,
): Workload[] {
  return mix.slice(0, count).map(([kind, pods, wave], index) => ({
    kind: kinds.includes(kind) ? kind : 'Deployment',
    namespace: index % 2 === 0 ? mesh : apps,
    name: `${kind.toLowerCase()}-${index}`,
    pods,
    ...(wave === undefined ? {} : { wave }),
  }));
}

/** The workload as an object; its pods run on the lab's fake nodes and belong to the Coordinator in `mesh`. */
export function manifestOf({ kind, namespace, name, pods, wave }: Workload, mesh: string): object {
  const matchLabels = { app: name };
  const address = { name: 'EDG_MARBLE_COORDINATOR_ADDR', value: `coordinator-mesh-api.${mesh}:2001` };
  const template = {
    metadata: { labels: { ...matchLabels, 'marblerun/marbletype': 'backend' } },
    spec: {
      ...onFakeNodes,
      containers: [{ name: 'marble', image: pauseImage, env: [address] }],
    },
  };
  const own = {
    Deployment: { replicas: pods },
    StatefulSet: { replicas: pods, serviceName: name },
    DaemonSet: {},
  };
  const annotations = wave === undefined ? {} : { 'marblerun-hooks/wave': String(wave) };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, annotations, labels: proofLabel },
    // So that a roll finds as many old revisions as the one before did: each costs the controllers time.
    spec: { ...own[kind], revisionHistoryLimit: 1, selector: { matchLabels }, template },
  };
}

/** What binds pods to the lab's fake nodes; they end at once. */
export const onFakeNodes = {
  nodeSelector: { type: 'kwok' },
  tolerations: [{ ...fakeNodeTaint, operator: 'Equal' }],
  terminationGracePeriodSeconds: 0,
  automountServiceAccountToken: false,
};
