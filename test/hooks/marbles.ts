import { noMarbles, type FoundMarbles } from '../../hooks/core/marbles/found.ts';
import type { MarbleWorkload } from '../../hooks/core/marbles/workload.ts';
import type { Deployment } from '../../hooks/core/objects.ts';
import type { DaemonSet, StatefulSet } from '../../hooks/core/objects/workloads.ts';
import { paths } from '../../hooks/io/paths.ts';
import type { Change } from './builders.ts';
import type { MemoryCluster } from './memory-cluster.ts';
import type { TestSession } from './session.ts';

/** Puts a Marble's Deployment into a cluster, with a ReplicaSet as its controller makes one. */
export function putMarble(
  cluster: MemoryCluster,
  deployment: Deployment,
  { suffix = '5d', revision = 1, replicas = deployment.spec.replicas ?? 1 } = {},
): void {
  const { name, namespace = '', uid = '' } = deployment.metadata;
  cluster.put(paths.deployment(namespace, name), deployment);
  cluster.put(`${paths.replicaSets(namespace)}/${name}-${suffix}`, {
    metadata: {
      name: `${name}-${suffix}`,
      namespace,
      labels: { app: name, 'marblerun/marbletype': 'frontend' },
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true }],
    },
    spec: { template: deployment.spec.template },
    status: { replicas },
  });
}

/** Plays the Deployment controller: a changed Deployment has rolled out so many seconds later, and the watches are told. */
export function settleAfter({ cluster, clock }: TestSession, seconds: number): { most: () => number } {
  const left = new Map<string, number>();
  let most = 0;
  cluster.afterWrite = ({ verb, path }) => {
    if (verb !== 'patch' || !path.includes('/deployments/')) return;
    left.set(path, clock.now() + seconds * 1000);
    most = Math.max(most, left.size);
  };
  clock.onSleep = () => {
    for (const [path, due] of left) {
      if (clock.now() < due) continue;
      left.delete(path);
      cluster.settle(path);
    }
  };
  return { most: () => most };
}

/** Makes a Marble one that the hooks have restarted for this key. */
export function startedUnder(key: string): (deployment: Deployment) => void {
  return ({ spec }) => {
    spec.template.metadata = {
      ...spec.template.metadata,
      annotations: { 'marblerun-hooks/started-under': key },
    };
  };
}

/** A Marble that is stuck once it is restarted; answers with what mends it. */
export function failOn(cluster: MemoryCluster, name: string): () => void {
  const path = paths.deployment('shop', name);
  const settle = cluster.settle.bind(cluster);
  let broken = true;
  cluster.settle = (settled) => {
    const object = cluster.objects.get(path) as unknown as Deployment;
    if (!broken || settled !== path) {
      settle(settled);
      return;
    }
    object.status = {
      observedGeneration: object.metadata.generation ?? 0,
      conditions: [
        { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'it crashes' },
      ],
    };
    cluster.changed(path);
  };
  return () => {
    broken = false;
    settle(path);
  };
}

/** A Deployment of two pods as the hooks see it, which has rolled out and which nothing keeps from a restart. */
export function workload(name = 'web', change: Change<MarbleWorkload> = () => undefined): MarbleWorkload {
  const object: MarbleWorkload = {
    kind: 'Deployment',
    namespace: 'shop',
    name,
    uid: `uid-${name}`,
    type: 'frontend',
    replicas: 2,
    heldBack: 0,
    podLabels: { app: name, 'marblerun/marbletype': 'frontend' },
    strategy: 'RollingUpdate',
    paused: false,
    wave: 0,
    injected: true,
    status: { done: true, failed: false, message: '2 of 2 pods are available' },
  };
  change(object);
  return object;
}

/** These workloads and nothing else. */
export function found(...workloads: MarbleWorkload[]): FoundMarbles {
  return { ...noMarbles, workloads };
}

/** Puts a set of Marbles into a cluster, with a ControllerRevision as its controller makes one. */
export function putRevision(
  cluster: MemoryCluster,
  kind: 'StatefulSet' | 'DaemonSet',
  set: StatefulSet | DaemonSet,
): void {
  const { name, namespace = '', uid = '' } = set.metadata;
  cluster.put(paths.workload({ kind, namespace, name }), set);
  const revision = `${name}-7f`;
  cluster.put(`${paths.controllerRevisions(namespace)}/${revision}`, {
    metadata: {
      name: revision,
      namespace,
      labels: set.spec.template.metadata?.labels,
      ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid, controller: true }],
    },
  });
}
