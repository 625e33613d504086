import { injectorWebhook } from '../../core/injector.ts';
import { known, valueOf, type Known } from '../../core/known.ts';
import { objectNames as names, type ReleaseObjects } from '../../core/lost/live-objects.ts';
import type {
  ConfigMap,
  Deployment,
  MutatingWebhookConfiguration,
  PersistentVolumeClaim,
  Service,
  StorageClass,
} from '../../core/objects.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** The objects of a release beside the Coordinator's Deployment, each by its name. */
export async function gatherReleaseObjects(cluster: Cluster, namespace: string): Promise<ReleaseObjects> {
  const get = async <T>(path: string): Promise<Known<T | undefined>> =>
    await unlessForbidden(async () => known(await cluster.get<T>(path)));
  const claim = await get<PersistentVolumeClaim>(paths.claim(namespace, names.claim));
  const storageClass = valueOf(claim)?.spec.storageClassName ?? '';
  return {
    claim,
    storageClass:
      storageClass === '' ? known(undefined) : await get<StorageClass>(paths.storageClass(storageClass)),
    clientApi: await get<Service>(paths.service(namespace, names.clientApi)),
    meshApi: await get<Service>(paths.service(namespace, names.meshApi)),
    dcapConfig: await get<ConfigMap>(paths.configMap(namespace, names.dcapConfig)),
    injector: await get<Deployment>(paths.deployment(namespace, names.injector)),
    webhook: await get<MutatingWebhookConfiguration>(paths.webhook(injectorWebhook(namespace))),
  };
}
