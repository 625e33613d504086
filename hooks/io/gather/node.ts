import { known, unknown, type Known } from '../../core/known.ts';
import type { Deployment, Node, PersistentVolumeClaim, Pod } from '../../core/objects.ts';
import { nextPod } from '../../core/placement/candidate.ts';
import type { ClaimFacts, NodeFacts } from '../../core/placement/scene.ts';
import { claimNames } from '../../core/placement/volumes.ts';
import type { Settings } from '../../core/settings.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { gatherSurroundings } from './surroundings.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** What is to be placed, and what is known of it already. */
export interface Placing {
  settings: Settings;
  target: Deployment;
  live: Deployment;
  /** The Coordinator's pods. */
  pods: readonly Pod[];
  /** The pods of the placement group. */
  group: readonly Pod[];
}

/** A node by name, with what is on it and what else bears on whether it takes the Coordinator's next pod. */
export async function gatherNode(
  cluster: Cluster,
  name: string,
  placing: Placing,
): Promise<Known<NodeFacts>> {
  return await unlessForbidden(async () => {
    const node = await cluster.get<Node>(paths.node(name));
    if (node === undefined) return unknown(`node ${name} is gone`);
    const pods = await podsOn(cluster, name);
    const { pod } = nextPod(placing.target, placing.live, placing.pods[0]);
    const claims = await gatherClaims(cluster, placing.settings, claimNames(pod));
    const elsewhere = await gatherSurroundings(cluster, name, { ...placing, pod, claims });
    return known({ node, pods, claims, elsewhere });
  });
}

/** All pods of a node. */
export async function podsOn(cluster: Cluster, node: string): Promise<Pod[]> {
  return await cluster.list<Pod>(paths.pods(), { fieldSelector: `spec.nodeName=${node}` });
}

async function gatherClaims(
  cluster: Cluster,
  { release, coordinator, values }: Settings,
  names: readonly string[],
): Promise<ClaimFacts[]> {
  const given = (values.coordinator as { pvcName?: string } | undefined)?.pvcName ?? '';
  const all: ClaimFacts[] = [];
  for (const name of names) {
    const claim = await cluster.get<PersistentVolumeClaim>(paths.claim(release.namespace, name));
    const ofChart = given === '' && name === coordinator.persistentVolumeClaim;
    all.push({ name, claim, ofChart, ...(await behind(cluster, claim)) });
  }
  return all;
}

/** The volume of a bound claim, or the class that an unbound one names. */
async function behind(
  cluster: Cluster,
  claim: PersistentVolumeClaim | undefined,
): Promise<Pick<ClaimFacts, 'volume' | 'storageClass'>> {
  const { volumeName, storageClassName } = claim?.spec ?? {};
  if (volumeName !== undefined) return { volume: await cluster.get(paths.volume(volumeName)) };
  if (storageClassName === undefined || storageClassName === '') return {};
  return { storageClass: await cluster.get(paths.storageClass(storageClassName)) };
}
