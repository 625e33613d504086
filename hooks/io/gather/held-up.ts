import { isGoingOn, type Job } from '../../core/detach.ts';
import { known } from '../../core/known.ts';
import type { ObjectMeta } from '../../core/objects.ts';
import { rolloutJobName, type HeldUp, type HelmRevision } from '../../core/recovery/next.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** Whether a rollout waits for its Coordinator, or has failed by it. Of Helm's Secrets only the metadata is read. */
export async function gatherHeldUp(cluster: Cluster, release: string, namespace: string): Promise<HeldUp> {
  const [hookRuns, helm] = await Promise.all([
    unlessForbidden(async () => {
      const job = await cluster.get<Job>(paths.job(namespace, rolloutJobName));
      return known(job !== undefined && isGoingOn(job));
    }),
    unlessForbidden(async () => known(await newestRevision(cluster, release, namespace))),
  ]);
  return { release, namespace, hookRuns, helm };
}

async function newestRevision(
  cluster: Cluster,
  release: string,
  namespace: string,
): Promise<HelmRevision | undefined> {
  const labelSelector = `owner=helm,name=${release}`;
  const stored = await cluster.list<{ metadata: ObjectMeta }>(
    paths.secrets(namespace),
    { labelSelector },
    true,
  );
  return stored
    .map(({ metadata: { labels } }) => ({
      revision: Number(labels?.version ?? 0),
      status: labels?.status ?? 'unknown',
    }))
    .sort((a, b) => b.revision - a.revision)[0];
}
