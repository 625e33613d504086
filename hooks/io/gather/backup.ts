import type { BackupFacts, BackupScene } from '../../core/backup/plan.ts';
import { stateSource } from '../../core/backup/source.ts';
import { known, unknown } from '../../core/known.ts';
import type { Deployment, PersistentVolumeClaim, Pod } from '../../core/objects.ts';
import type { Settings } from '../../core/settings.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** Where the sealed state lies; undefined where no copy is wanted or nothing runs yet. */
export async function gatherBackup(
  cluster: Cluster,
  settings: BackupScene['settings'] & Pick<Settings, 'backup'>,
  live: Deployment | undefined,
  pods: readonly Pod[],
): Promise<BackupFacts | undefined> {
  if (!settings.backup.enabled || live === undefined) return undefined;
  const source = stateSource(pods[0]?.spec ?? live.spec.template.spec, settings.coordinator.container);
  if (!source.known) return { source, claim: unknown(source.why) };
  const path = paths.claim(settings.release.namespace, source.value.claim);
  const claim = await unlessForbidden(async () => known(await cluster.get<PersistentVolumeClaim>(path)));
  return { source, claim };
}
