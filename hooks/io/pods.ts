import type { Deployment, Pod } from '../core/objects.ts';
import { selectorText } from '../core/placement/label-selector.ts';
import type { Cluster } from './cluster.ts';
import { paths } from './paths.ts';

/** A Deployment's pods that are not on their way out, running ones first. */
export async function podsOf(cluster: Cluster, { metadata, spec }: Deployment): Promise<Pod[]> {
  const labelSelector = selectorText({ matchLabels: spec.selector.matchLabels ?? {} });
  const pods = await cluster.list<Pod>(paths.pods(metadata.namespace), { labelSelector });
  const running = (pod: Pod) => (pod.status?.phase === 'Running' ? 0 : 1);
  return pods.filter(isPresent).sort((a, b) => running(a) - running(b));
}

/** Whether a pod has not ended and is not about to. */
export function isPresent({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed'
  );
}
