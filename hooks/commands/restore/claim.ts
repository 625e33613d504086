import type { StatusFacts } from '../../core/status-view/facts.ts';
import type { RestoreCronJob } from '../../core/backup/restore-job.ts';
import { valueOf } from '../../core/known.ts';
import type { PersistentVolumeClaim } from '../../core/objects.ts';
import type { RenderedObject } from '../../core/plan/changes.ts';
import type { Cluster } from '../../io/cluster.ts';
import { gatherDeployed } from '../../io/gather/deployed.ts';
import { paths } from '../../io/paths.ts';

/** The claim of the sealed state, and how to make it again where it is gone. */
export interface RestoreClaim {
  name: string;
  /** It is there, and is not on its way out. */
  there: boolean;
  /** As the release has it; undefined where that is not known. */
  rendered: RenderedObject | undefined;
}

/** Looks for the claim that the Jobs of the CronJob mount; only where it is gone is the release read. */
export async function gatherClaim(
  cluster: Cluster,
  { namespace, release }: StatusFacts,
  cronJob: RestoreCronJob,
  driver: string,
): Promise<RestoreClaim> {
  const volumes = cronJob.spec.jobTemplate.spec.template.spec.volumes ?? [];
  const name = volumes.find((volume) => volume.persistentVolumeClaim !== undefined)?.persistentVolumeClaim
    ?.claimName;
  if (name === undefined) return { name: '', there: true, rendered: undefined };
  const found = await cluster.get<PersistentVolumeClaim>(paths.claim(namespace, name));
  if (found !== undefined && found.metadata.deletionTimestamp === undefined) {
    return { name, there: true, rendered: undefined };
  }
  const deployed = valueOf(await gatherDeployed(cluster, { namespace, name: release }, driver));
  const rendered = deployed?.objects.find(
    ({ kind, metadata }) => kind === 'PersistentVolumeClaim' && metadata.name === name,
  );
  return { name, there: false, rendered };
}
