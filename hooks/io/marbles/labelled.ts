import { coordinatorAddress } from '../../core/marbles/address.ts';
import { marbleLabel } from '../../core/marbles/workload.ts';
import type { ObjectMeta, OwnerReference, Pod } from '../../core/objects.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { isPresent } from '../pods.ts';

/** One object that carries the Marble label, and what controls it. */
export interface Labelled {
  namespace: string;
  name: string;
  /** Value of the label. */
  type: string;
  controller: OwnerReference | undefined;
}

/** A pod, and where it looks for its Coordinator; the injector has told it where its template does not. */
export interface LabelledPod extends Labelled {
  address: string | undefined;
}

/** Pages are so small that what they leave is collected young: the memory of a hook hardly grows with its Marbles. */
export const pageOfObjects = 50;
const query = { labelSelector: marbleLabel, limit: 100 };

/**
 * Lists of everything that controllers make from a pod template and that so carries its labels, each filtered by the API
 * server: ReplicaSets (of Deployments and Argo Rollouts) and ControllerRevisions (of StatefulSets and DaemonSets;
 * Kubernetes: pkg/controller/statefulset and pkg/controller/daemon give them the template's labels). The workload itself
 * need not carry the label. All namespaces when none is named.
 */
export const labelled = {
  replicaSets: async (cluster: Cluster, namespace?: string): Promise<Labelled[]> =>
    await cluster.list(paths.replicaSets(namespace), query, true, ofMetadata),
  revisions: async (cluster: Cluster, namespace?: string): Promise<Labelled[]> =>
    await cluster.list(paths.controllerRevisions(namespace), query, true, ofMetadata),
  /** Those that have not ended. */
  pods: async (cluster: Cluster, namespace?: string): Promise<LabelledPod[]> => {
    const pick = (pod: Pod): LabelledPod | undefined =>
      isPresent(pod) ? { ...ofMetadata(pod), address: coordinatorAddress(pod.spec) } : undefined;
    const pods = await cluster.list(paths.pods(namespace), { ...query, limit: pageOfObjects }, false, pick);
    return pods.filter((pod) => pod !== undefined);
  },
};

function ofMetadata({ metadata }: { metadata: ObjectMeta }): Labelled {
  const { namespace = '', name, labels, ownerReferences } = metadata;
  const controller = ownerReferences?.find((owner) => owner.controller === true);
  return { namespace, name, type: labels?.[marbleLabel] ?? '', controller };
}
