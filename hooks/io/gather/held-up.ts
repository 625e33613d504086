import { isGoingOn, rolloutJobName, type Job } from '../../core/detach.ts';
import { known } from '../../core/known.ts';
import type { HeldUp, HelmRevision } from '../../core/recovery/next.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { newestStored, revisionOf } from './deployed.ts';
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
  name: string,
  namespace: string,
): Promise<HelmRevision | undefined> {
  const stored = await newestStored(cluster, paths.secrets(namespace), { name }, true);
  if (stored === undefined) return undefined;
  return { revision: revisionOf(stored), status: stored.metadata.labels?.status ?? 'unknown' };
}
