import type { Pod, PodSpec } from '../../hooks/core/objects.ts';
import type { ArgoRollout, DaemonSet, PodTemplate, StatefulSet } from '../../hooks/core/objects/workloads.ts';
import type { Change } from './builders.ts';

const unchanged = (): void => undefined;

/** The pod template of a Marble. */
export function template(name: string): PodTemplate {
  return {
    metadata: { labels: { app: name, 'marblerun/marbletype': 'backend' } },
    spec: { containers: [{ name: 'main', image: `registry.example/${name}:1.0` }] },
  };
}

/** A StatefulSet of three Marbles, rolled out, as the API server holds it. */
export function statefulSet(change: Change<StatefulSet> = unchanged, name = 'db'): StatefulSet {
  const object: StatefulSet = {
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, generation: 2 },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: name } },
      template: template(name),
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    },
    status: {
      observedGeneration: 2,
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      updatedReplicas: 3,
      currentRevision: `${name}-7f`,
      updateRevision: `${name}-7f`,
    },
  };
  change(object);
  return object;
}

/** A DaemonSet of Marbles on three nodes, rolled out. */
export function daemonSet(change: Change<DaemonSet> = unchanged, name = 'agent'): DaemonSet {
  const object: DaemonSet = {
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, generation: 2 },
    spec: {
      selector: { matchLabels: { app: name } },
      template: template(name),
      updateStrategy: { type: 'RollingUpdate' },
    },
    status: {
      observedGeneration: 2,
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
      updatedNumberScheduled: 3,
      numberReady: 3,
      numberAvailable: 3,
    },
  };
  change(object);
  return object;
}

/** An Argo Rollout of three Marbles with canary steps, all of them done. */
export function argoRollout(change: Change<ArgoRollout> = unchanged, name = 'canary'): ArgoRollout {
  const object: ArgoRollout = {
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, generation: 2 },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: name } },
      template: template(name),
      strategy: { canary: {} },
    },
    status: {
      observedGeneration: '2',
      phase: 'Healthy',
      replicas: 3,
      updatedReplicas: 3,
      availableReplicas: 3,
      currentPodHash: '6d5',
      stableRS: '6d5',
      conditions: [],
    },
  };
  change(object);
  return object;
}

/** A running pod of a workload; `controller` says of which. */
export function podOf(
  controller: { apiVersion: string; kind: string; name: string } | undefined,
  name: string,
  change: Change<Pod> = unchanged,
): Pod {
  const spec: PodSpec = { containers: [{ name: 'main' }] };
  const object: Pod = {
    metadata: {
      name,
      namespace: 'shop',
      labels: { 'marblerun/marbletype': 'backend' },
      ...(controller === undefined
        ? {}
        : { ownerReferences: [{ ...controller, uid: `uid-${controller.name}`, controller: true }] }),
    },
    spec,
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  };
  change(object);
  return object;
}
