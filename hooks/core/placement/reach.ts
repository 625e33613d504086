import type { Pod } from '../objects.ts';
import type { LabelSelector, PodAffinityTerm } from '../pod-rules.ts';
import { selectorText } from './label-selector.ts';
import { affinityTerms, antiAffinityTerms, termSelects } from './pod-affinity.ts';
import { hostname, type ClaimFacts } from './scene.ts';
import { hardConstraints } from './topology-spread.ts';

/** Pods to list: of one namespace or of all, by a selector in the API server's words; empty for all of them. */
export interface PodQuery {
  namespace: string | undefined;
  labelSelector: string;
}

/** What has to be read beyond a node and its pods to judge a pod. */
export interface Reach {
  queries: PodQuery[];
  /** True where a spread constraint compares all nodes. */
  everyNode: boolean;
}

/** What is known already when the reach is worked out. */
export interface Known {
  /** The pod to come. */
  pod: Pod;
  /** The pod that it replaces, if one runs. */
  old: Pod | undefined;
  claims: readonly ClaimFacts[];
  /** The label whose pods are listed anyhow. */
  group: { key: string; value: string };
}

/**
 * How far a pod's rules reach. The chart's own pod reaches no further than its group, which is listed anyhow: nothing
 * more is read for it. The release's namespace is listed where a pod in it may mind the new pod although it did not mind
 * the old one: no old pod runs, or the labels change. A pod in another namespace that minds the new one from another node is
 * not looked for; it could not have been scheduled while the Coordinator ran.
 */
export function reachOf({ pod, old, claims, group }: Known): Reach {
  const own = pod.metadata.namespace ?? '';
  const spreads = hardConstraints(pod);
  const exclusive = claims.some(({ claim }) => claim?.spec.accessModes?.includes('ReadWriteOncePod'));
  const queries: PodQuery[] = [
    ...affinityTerms(pod)
      .filter((term) => !isGroup(term, group))
      .flatMap((term) => queriesOf(term, own)),
    ...antiAffinityTerms(pod)
      .filter(({ topologyKey }) => topologyKey !== hostname)
      .flatMap((term) => queriesOf(term, own)),
    ...spreads.flatMap(({ labelSelector }) => inNamespaces([own], labelSelector)),
    ...(exclusive || old === undefined || !sameLabels(pod, old)
      ? [{ namespace: own, labelSelector: '' }]
      : []),
  ];
  const distinct = new Map(queries.map((query) => [JSON.stringify(query), query]));
  return { queries: [...distinct.values()], everyNode: spreads.length > 0 };
}

/** Whether it matters where exactly a pod on another node is: a rule of its own, or of the new pod, is about both. */
export function bearsOn(pod: Pod, other: Pod): boolean {
  return (
    [...affinityTerms(pod), ...antiAffinityTerms(pod)].some(
      (term) => termSelects(term, pod, other) !== false,
    ) || antiAffinityTerms(other).some((term) => termSelects(term, other, pod) !== false)
  );
}

function isGroup(
  { topologyKey, labelSelector, namespaces, namespaceSelector }: PodAffinityTerm,
  group: Known['group'],
) {
  return (
    topologyKey === hostname &&
    namespaces === undefined &&
    namespaceSelector === undefined &&
    labelSelector !== undefined &&
    selectorText(labelSelector) === `${group.key}=${group.value}`
  );
}

function queriesOf(
  { labelSelector, namespaces = [], namespaceSelector }: PodAffinityTerm,
  own: string,
): PodQuery[] {
  if (namespaceSelector !== undefined) return inNamespaces([undefined], labelSelector);
  return inNamespaces(namespaces.length === 0 ? [own] : namespaces, labelSelector);
}

function inNamespaces(
  namespaces: readonly (string | undefined)[],
  selector: LabelSelector | undefined,
): PodQuery[] {
  if (selector === undefined) return [];
  return namespaces.map((namespace) => ({ namespace, labelSelector: selectorText(selector) }));
}

/** Whether two pods look the same to the rules of others; the hash of the template tells only releases apart. */
function sameLabels(a: Pod, b: Pod): boolean {
  const text = ({ metadata }: Pod): string => {
    const labels = { ...metadata.labels };
    delete labels['pod-template-hash'];
    return JSON.stringify(Object.entries(labels).sort());
  };
  return text(a) === text(b);
}
