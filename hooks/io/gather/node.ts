import { known, unknown, type Known } from '../../core/known.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from '../../core/objects.ts';
import type { NodeFacts } from '../../core/placement/node-fit.ts';
import type { Settings } from '../../core/settings.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** A node by name, with what is on it and the volume that the Coordinator's claim is bound to. */
export async function gatherNode(
  cluster: Cluster,
  namespace: string,
  name: string,
  settings: Settings,
): Promise<Known<NodeFacts>> {
  return await unlessForbidden(async () => {
    const node = await cluster.get<Node>(paths.node(name));
    if (node === undefined) return unknown(`node ${name} is gone`);
    const pods = await cluster.list<Pod>(paths.pods(), { fieldSelector: `spec.nodeName=${name}` });
    const volume = await boundVolume(cluster, namespace, settings.coordinator.persistentVolumeClaim);
    return known({ node, pods, volume });
  });
}

async function boundVolume(
  cluster: Cluster,
  namespace: string,
  claimName: string,
): Promise<PersistentVolume | undefined> {
  if (claimName === '') return undefined;
  const claim = await cluster.get<PersistentVolumeClaim>(paths.claim(namespace, claimName));
  const volumeName = claim?.spec.volumeName;
  return volumeName === undefined ? undefined : await cluster.get(paths.volume(volumeName));
}
