import type { Lab } from '../lab/lab.ts';
import { marbleDeployment } from '../lab/mesh.ts';
import { pauseImage } from '../lab/images/names.ts';
import type { PodTemplate } from '../../hooks/core/objects/workloads.ts';

/** Where the workloads of a test are, and which mesh they join. */
export interface Place {
  readonly namespace: string;
  readonly mesh: string;
}

/** What makes a workload differ from the plain one of its kind. */
interface Options {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly object[];
  /** Replaces fields of the specification. */
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Whether its pods are real Marbles; those that are only looked at need not be. */
  readonly real?: boolean;
}

type Kind = 'Deployment' | 'StatefulSet' | 'DaemonSet';

/** A workload of Marbles of any kind of apps/v1, with one pod unless told otherwise. */
export function workload(kind: Kind, name: string, place: Place, options: Options = {}): object {
  const { annotations, ownerReferences, spec = {}, real = false } = options;
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: place.namespace, annotations, ownerReferences },
    spec: {
      selector: { matchLabels: { app: name } },
      template: real ? templateOf(name, place) : idleTemplate(name, place),
      ...(kind === 'DaemonSet' ? {} : { replicas: 1 }),
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      ...spec,
    },
  };
}

/** The pod template of a Marble that the Coordinator lets in. */
function templateOf(name: string, place: Place): PodTemplate {
  return (marbleDeployment(name, place) as { spec: { template: PodTemplate } }).spec.template;
}

/** The same to the hooks, but nothing runs in it. */
function idleTemplate(name: string, { mesh }: Place): object {
  const labels = { app: name, 'marblerun/marbletype': 'backend' };
  const env = [{ name: 'EDG_MARBLE_COORDINATOR_ADDR', value: `coordinator-mesh-api.${mesh}:2001` }];
  const container = { name: 'marble', image: pauseImage, imagePullPolicy: 'Never', env };
  return { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers: [container] } };
}

/** A pod that nothing controls. */
export function barePod(name: string, place: Place): object {
  const template = idleTemplate(name, place);
  const { metadata, spec } = template as { metadata: object; spec: object };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name, namespace: place.namespace },
    spec,
  };
}

/** A Job that goes on for as long as the test. */
export function endlessJob(name: string, place: Place): object {
  const { metadata, spec } = idleTemplate(name, place) as { metadata: object; spec: object };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: place.namespace },
    spec: { template: { metadata, spec: { ...spec, restartPolicy: 'Never' } } },
  };
}

/** The API of Argo Rollouts, as far as the hooks see it. */
export const rolloutDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'rollouts.argoproj.io' },
  spec: {
    group: 'argoproj.io',
    scope: 'Namespaced',
    names: { kind: 'Rollout', plural: 'rollouts', singular: 'rollout' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

/**
 * Makes Argo Rollouts of one Marble each, with the ReplicaSet and the status that their controller would make. That it has
 * seen a later generation than there is says that it is done whatever is changed, as in Argo's own rule.
 */
export async function makeRollouts(
  lab: Lab,
  place: Place,
  replicas: number,
  ...names: string[]
): Promise<void> {
  const { namespace } = place;
  const specOf = (name: string): object => ({
    replicas,
    selector: { matchLabels: { app: name } },
    template: idleTemplate(name, place),
  });
  await lab.apply(
    ...names.map((name) => ({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name, namespace },
      spec: { ...specOf(name), strategy: { canary: {} } },
    })),
  );
  const counts = { replicas, updatedReplicas: replicas, availableReplicas: replicas };
  const status = {
    ...counts,
    observedGeneration: '99',
    phase: 'Healthy',
    currentPodHash: '1',
    stableRS: '1',
  };
  const { items } = await lab.get<{ items: { metadata: { name: string; uid: string } }[] }>(
    ...['rollouts.argoproj.io', '-n', namespace],
  );
  await lab.apply(
    ...items.map(({ metadata: { name, uid } }) => ({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-1`,
        namespace,
        labels: { app: name, 'marblerun/marbletype': 'backend' },
        ownerReferences: [
          { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name, uid, controller: true },
        ],
      },
      spec: specOf(name),
    })),
  );
  const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status })];
  const objects = names.map((name) => `rollouts.argoproj.io/${name}`);
  await lab.kubectl('-n', namespace, 'patch', ...objects, ...patch);
}
