import type { Node, Pod } from '../objects.ts';
import type { TopologySpreadConstraint } from '../pod-rules.ts';
import { selects, selectsAll, withLabelKeys } from './label-selector.ts';
import { wantsNode } from './node-affinity.ts';
import type { Outcome } from './refusal.ts';
import type { Scene } from './scene.ts';
import { untolerated } from './taints.ts';

const filter = 'PodTopologySpread';

/** The constraints that keep a pod from a node, with the label keys put into their selectors. */
export function hardConstraints({ metadata, spec }: Pod): TopologySpreadConstraint[] {
  return (spec.topologySpreadConstraints ?? [])
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule')
    .map((constraint) => {
      const selector = withLabelKeys(
        constraint.labelSelector,
        metadata.labels ?? {},
        constraint.matchLabelKeys ?? [],
      );
      return selector === undefined ? constraint : { ...constraint, labelSelector: selector };
    });
}

/**
 * PodTopologySpread: with the pod, no domain may have more than `maxSkew` matching pods over the emptiest one. Domains
 * are those of the nodes that have all the keys and that the constraint's policies take in.
 */
export function refusedBySpread(pod: Pod, scene: Scene): Outcome {
  const constraints = hardConstraints(pod);
  if (constraints.length === 0) return undefined;
  if (scene.unseen !== undefined) return { doubt: scene.unseen };
  const here = scene.node.metadata.labels ?? {};
  const nodes = [scene.node, ...scene.nodes].filter(({ metadata }) =>
    constraints.every(({ topologyKey }) => metadata.labels?.[topologyKey] !== undefined),
  );
  for (const constraint of constraints) {
    const domain = here[constraint.topologyKey];
    if (domain === undefined) {
      const reason = "node(s) didn't match pod topology spread constraints (missing required label)";
      return { filter, reason, detail: constraint.topologyKey };
    }
    const counts = domainCounts(pod, constraint, nodes, scene);
    const few = counts.size < (constraint.minDomains ?? 1);
    const least = few ? 0 : Math.min(...counts.values());
    const self = selects(constraint.labelSelector, pod.metadata.labels) ? 1 : 0;
    const skew = (counts.get(domain) ?? 0) + self - least;
    if (skew > constraint.maxSkew) {
      const detail = `${constraint.topologyKey}=${domain} would have ${skew} more than the emptiest`;
      return { filter, reason: "node(s) didn't match pod topology spread constraints", detail };
    }
  }
  return undefined;
}

/** Matching pods by domain. Those on their way out do not count, and neither do any for a selector that selects all. */
function domainCounts(
  pod: Pod,
  constraint: TopologySpreadConstraint,
  nodes: readonly Node[],
  { node, pods, elsewhere }: Scene,
): Map<string, number> {
  const { topologyKey, labelSelector } = constraint;
  const matching = [...pods, ...elsewhere.map((placed) => placed.pod)].filter(
    ({ metadata }) =>
      metadata.deletionTimestamp === undefined &&
      metadata.namespace === pod.metadata.namespace &&
      !selectsAll(labelSelector) &&
      selects(labelSelector, metadata.labels),
  );
  const perNode = new Map<string, number>();
  for (const { spec } of matching) {
    const name = spec.nodeName ?? node.metadata.name;
    perNode.set(name, (perNode.get(name) ?? 0) + 1);
  }
  const counts = new Map<string, number>();
  for (const { metadata } of nodes.filter((each) => isDomain(each, pod, constraint))) {
    const domain = metadata.labels?.[topologyKey] ?? '';
    counts.set(domain, (counts.get(domain) ?? 0) + (perNode.get(metadata.name) ?? 0));
  }
  return counts;
}

/** By default a node counts that the pod's node affinity wants, tainted or not. */
function isDomain(node: Node, { spec }: Pod, constraint: TopologySpreadConstraint): boolean {
  const { nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' } = constraint;
  return (
    (nodeAffinityPolicy !== 'Honor' || wantsNode(node, spec)) &&
    (nodeTaintsPolicy !== 'Honor' || untolerated(node, spec.tolerations ?? []) === undefined)
  );
}
