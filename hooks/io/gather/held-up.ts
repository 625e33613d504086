import { isGoingOn, rolloutJobName, type Job } from '../../core/detach.ts';
import { known, type Known } from '../../core/known.ts';
import type { HeldUp, HelmRevision } from '../../core/recovery/next.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { releaseStore, revisionOf, type ReleaseStore } from './stored-releases.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** Whether a rollout waits for its Coordinator, or has failed by it. Of what Helm keeps only the metadata is read. */
export async function gatherHeldUp(
  cluster: Cluster,
  { release, namespace }: { release: string; namespace: string },
  driver: string,
): Promise<HeldUp> {
  const [hookRuns, helm] = await Promise.all([
    unlessForbidden(async () => {
      const job = await cluster.get<Job>(paths.job(namespace, rolloutJobName));
      return known(job !== undefined && isGoingOn(job));
    }),
    newestRevision(releaseStore(cluster, namespace, driver), release),
  ]);
  return { release, namespace, hookRuns, helm };
}

async function newestRevision(
  store: Known<ReleaseStore>,
  name: string,
): Promise<Known<HelmRevision | undefined>> {
  if (!store.known) return store;
  return await unlessForbidden(async () => {
    const stored = await store.value.newest({ name }, true);
    if (stored === undefined) return known(undefined);
    return known({ revision: revisionOf(stored), status: stored.metadata.labels?.status ?? 'unknown' });
  });
}
