import { known, unknown, type Known } from '../../core/known.ts';
import type { ConfigMap, Deployment } from '../../core/objects.ts';
import { readRecord, recordKey, recordName } from '../../core/record.ts';
import { sceneWith, type Scene } from '../../core/watch/scene.ts';
import { paths } from '../paths.ts';
import { podsOf } from '../pods.ts';
import { askPods } from './coordinator.ts';
import type { Sources } from './sources.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** Where the anchor's Coordinator is. */
export interface Place {
  namespace: string;
  deployment: string;
  clientPort: number;
}

/** What the anchor can see of the Coordinator. A right that is missing for the record makes that unknown. */
export async function gatherScene(sources: Sources, place: Place): Promise<Scene> {
  const { cluster } = sources;
  const { namespace, clientPort } = place;
  const deployment = await cluster.get<Deployment>(paths.deployment(namespace, place.deployment));
  const [pods, configMap] = await Promise.all([
    deployment === undefined ? [] : podsOf(cluster, deployment),
    unlessForbidden(async () => known(await recordOf(sources, namespace))),
  ]);
  const record: Scene['record'] = configMap.known
    ? readRecord(configMap.value?.data?.[recordKey])
    : unknown(configMap.why);
  const seen = { namespace, clientPort, deployment, pods, record, recordVersion: recordVersion(configMap) };
  return sceneWith(seen, await askPods(sources, pods, clientPort));
}

async function recordOf({ cluster }: Sources, namespace: string): Promise<ConfigMap | undefined> {
  return await cluster.get<ConfigMap>(paths.configMap(namespace, recordName));
}

function recordVersion(configMap: Known<ConfigMap | undefined>): string | undefined {
  return configMap.known ? configMap.value?.metadata.resourceVersion : undefined;
}
