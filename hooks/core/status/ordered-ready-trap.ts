import type { Pod } from '../objects.ts';
import type { StatefulSet } from '../objects/workloads.ts';
import { isReady, podTrouble } from '../pod-trouble.ts';

/** A pod that holds up its StatefulSet until somebody deletes it. */
export interface OrderedReadyTrap {
  /** Name of the pod. */
  pod: string;
  /** What is the case, in one sentence, with the pod's own reason. */
  message: string;
  /** What gets it moving again. */
  command: string;
}

const revisionLabel = 'controller-revision-hash';

/**
 * A StatefulSet that is `OrderedReady` does nothing as long as one of its pods is not ready, not even replace that pod by
 * a mended one (k8s#67250; Kubernetes: "Forced rollback"). Finds the first such pod, by ordinal, that is in trouble
 * rather than only slow; undefined when there is none.
 */
export function orderedReadyTrap(set: StatefulSet, pods: readonly Pod[]): OrderedReadyTrap | undefined {
  if ((set.spec.podManagementPolicy ?? 'OrderedReady') !== 'OrderedReady') return undefined;
  const inOrder = [...pods].sort((a, b) => ordinal(a) - ordinal(b));
  for (const pod of inOrder) {
    const trouble = isReady(pod) || isLeaving(pod) ? undefined : podTrouble(pod);
    if (trouble === undefined) continue;
    const { name, labels, namespace = '' } = pod.metadata;
    const isNew = labels?.[revisionLabel] === set.status?.updateRevision;
    const effect = isNew
      ? 'once its template is mended, the StatefulSet does not replace this pod by itself'
      : 'the StatefulSet does not replace this pod, which is of an older template, by itself';
    const command = `kubectl -n ${namespace} delete pod ${name}`;
    return { pod: name, message: `${trouble}; ${effect} (OrderedReady)`, command };
  }
  return undefined;
}

function ordinal({ metadata }: Pod): number {
  return Number(metadata.name.slice(metadata.name.lastIndexOf('-') + 1));
}

function isLeaving({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}
