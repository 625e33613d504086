import { known, unknown, valueOf, type Known } from '../../core/known.ts';
import type { PreflightFacts } from '../../core/facts.ts';
import type { Node, Pod } from '../../core/objects.ts';
import { refusedEmpty, type OtherNodes } from '../../core/placement/other-nodes.ts';
import type { NodeFacts } from '../../core/placement/scene.ts';
import { coordinatorsNextPod, placementVerdict } from '../../core/placement/verdict.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { podsOn } from './node.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** The pods of so many nodes are read: enough to choose one from, however large the cluster is. */
const looks = 5;

/** Where else the pod could go. Asked only when its node does not take it; undefined otherwise. */
export async function gatherOtherNodes(
  cluster: Cluster,
  facts: PreflightFacts,
): Promise<Known<OtherNodes> | undefined> {
  const pod = coordinatorsNextPod(facts);
  const here = valueOf(facts.node);
  if (pod === undefined || here === undefined || placementVerdict(facts).kind !== 'must-move')
    return undefined;
  return await unlessForbidden(async () => {
    const all = await cluster.list<Node>(paths.nodes());
    const others = all.filter(({ metadata }) => metadata.name !== here.node.metadata.name);
    return known(await look(cluster, pod, here, others));
  });
}

async function look(
  cluster: Cluster,
  pod: Pod,
  here: NodeFacts,
  nodes: readonly Node[],
): Promise<OtherNodes> {
  const around = valueOf(here.elsewhere);
  const elsewhere =
    here.elsewhere?.known === false
      ? unknown(here.elsewhere.why)
      : known({
          pods: [...here.pods, ...(around?.pods ?? [])],
          nodes: [here.node, ...(around?.nodes ?? [])],
        });
  const ruledOut: Record<string, number> = {};
  const open: NodeFacts[] = [];
  for (const node of nodes) {
    const facts: NodeFacts = { node, pods: [], claims: here.claims ?? [], elsewhere };
    const reason = refusedEmpty(pod, facts);
    if (reason === undefined) open.push(facts);
    else ruledOut[reason] = (ruledOut[reason] ?? 0) + 1;
  }
  const looked: NodeFacts[] = [];
  for (const facts of open.slice(0, looks)) {
    looked.push({ ...facts, pods: await podsOn(cluster, facts.node.metadata.name) });
  }
  return { count: nodes.length, looked, ruledOut, left: open.length - looked.length };
}
