import type { Pod } from '../../core/objects.ts';
import { nextEviction } from '../../core/roll/evict.ts';
import type { Member } from '../../core/roll/member.ts';
import { nameOf } from '../../core/roll/progress.ts';
import { ClusterError } from '../../io/cluster-error.ts';
import { paths } from '../../io/paths.ts';
import type { Session } from '../session.ts';

/**
 * Evicts the next old pod of a workload whose controller waits for that (`OnDelete`). An eviction asks the
 * PodDisruptionBudgets, which may refuse it for now; then the next look tries again. Only the pod that was seen is meant,
 * not one that took its name since.
 */
export async function evictNext(
  { cluster, output }: Session,
  member: Member,
  { pods, key }: { pods: readonly Pod[]; key: string },
): Promise<void> {
  const next = nextEviction(pods, key);
  if (next.is !== 'pod') {
    member.held = next.is === 'wait' ? next.reason : undefined;
    return;
  }
  const { name, namespace = '', uid = '' } = next.pod.metadata;
  try {
    await cluster.create(paths.eviction(namespace, name), {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      deleteOptions: { preconditions: { uid } },
    });
    output.progress(
      `${nameOf(member)}: evicted pod/${name}, which its controller leaves to somebody (OnDelete)`,
    );
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    if (error.kind === 'not-found' || error.kind === 'conflict') return;
    member.held = error.message;
    output.progress(`${nameOf(member)}: ${error.message}`);
  }
}
