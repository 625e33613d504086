import { known, type Known } from '../../core/known.ts';
import type { Node, Pod } from '../../core/objects.ts';
import { bearsOn, reachOf } from '../../core/placement/reach.ts';
import type { ClaimFacts, Surroundings } from '../../core/placement/scene.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import type { Placing } from './node.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** Up to so many nodes are read one by one; more than that are cheaper as a list. */
const nodesByName = 10;

/** What the pod's rules need to know beyond the node; undefined when that is nothing. */
export async function gatherSurroundings(
  cluster: Cluster,
  node: string,
  { pod, claims, settings, pods, group }: Placing & { pod: Pod; claims: readonly ClaimFacts[] },
): Promise<Known<Surroundings> | undefined> {
  const { groupLabel } = settings.placement;
  const { queries, everyNode } = reachOf({ pod, old: pods[0], claims, group: groupLabel });
  const away = (each: Pod) => each.spec.nodeName !== undefined && each.spec.nodeName !== node;
  if (queries.length === 0 && !group.some(away)) return undefined;
  return await unlessForbidden(async () => {
    const found = [...group];
    for (const { namespace, labelSelector } of queries) {
      const query = labelSelector === '' ? {} : { labelSelector };
      found.push(...(await cluster.list<Pod>(paths.pods(namespace), query)));
    }
    const distinct = new Map(found.filter(away).map((each) => [uidOf(each), each]));
    const others = [...distinct.values()];
    const nodes = await nodesOf(
      cluster,
      others.filter((each) => bearsOn(pod, each)),
      everyNode,
    );
    const names = new Set(nodes.map(({ metadata }) => metadata.name));
    // The scheduler does not count a pod whose node is gone.
    const present = others.filter((each) => !bearsOn(pod, each) || names.has(each.spec.nodeName ?? ''));
    return known({ pods: present, nodes });
  });
}

function uidOf({ metadata }: Pod): string {
  return metadata.uid ?? `${metadata.namespace ?? ''}/${metadata.name}`;
}

async function nodesOf(cluster: Cluster, pods: readonly Pod[], everyNode: boolean): Promise<Node[]> {
  const names = [...new Set(pods.map(({ spec }) => spec.nodeName ?? ''))];
  if (everyNode || names.length > nodesByName) return await cluster.list<Node>(paths.nodes());
  const nodes: Node[] = [];
  for (const name of names) {
    const node = await cluster.get<Node>(paths.node(name));
    if (node !== undefined) nodes.push(node);
  }
  return nodes;
}
