import type { PreflightFacts } from '../facts.ts';
import { valueOf } from '../known.ts';
import { nodeRefusal } from '../placement/node-fit.ts';
import { withoutGroup } from '../placement/other-nodes.ts';
import { isRefusal } from '../placement/refusal.ts';
import { coordinatorsNextPod, placementVerdict } from '../placement/verdict.ts';

/** One line of the node table: a node, or how many of them there are that a reason rules out. */
export interface NodeRow {
  node: string;
  takes: 'yes' | 'no' | 'unknown';
  /** The first filter that refuses, in the scheduler's words. */
  why: string;
}

/** The nodes, and which would take the Coordinator's next pod; empty unless its own node does not. */
export function nodeTable(facts: PreflightFacts): NodeRow[] {
  const verdict = placementVerdict(facts);
  const pod = coordinatorsNextPod(facts);
  if (verdict.kind !== 'must-move' || pod === undefined) return [];
  const own: NodeRow = {
    node: verdict.node,
    takes: 'no',
    why: `${verdict.reason} (${verdict.filter}); the Coordinator runs here`,
  };
  const others = valueOf(facts.otherNodes);
  if (others === undefined) {
    const why = facts.otherNodes?.known === false ? facts.otherNodes.why : 'they were not looked at';
    return [own, { node: 'other nodes', takes: 'unknown', why }];
  }
  const looked = others.looked.map((node): NodeRow => {
    const outcome = nodeRefusal(withoutGroup(pod), node, new Set());
    const { name } = node.node.metadata;
    if (outcome === undefined) return { node: name, takes: 'yes', why: '' };
    if (isRefusal(outcome)) return { node: name, takes: 'no', why: `${outcome.reason} (${outcome.filter})` };
    return { node: name, takes: 'unknown', why: outcome.doubt };
  });
  const ruledOut = Object.entries(others.ruledOut).map(([why, count]): NodeRow => {
    return { node: nodes(count), takes: 'no', why };
  });
  const left: NodeRow[] =
    others.left === 0
      ? []
      : [{ node: nodes(others.left), takes: 'unknown', why: 'not looked at, since there are others' }];
  return [own, ...looked, ...ruledOut, ...left];
}

function nodes(count: number): string {
  return `${count} other${count === 1 ? '' : 's'}`;
}
