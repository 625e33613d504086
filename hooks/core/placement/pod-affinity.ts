import type { Pod } from '../objects.ts';
import type { PodAffinityTerm } from '../pod-rules.ts';
import { selects, withLabelKeys } from './label-selector.ts';
import { decisive, isRefusal, type Outcome } from './refusal.ts';
import { hostname, type Placed, type Scene } from './scene.ts';

const filter = 'InterPodAffinity';

/** Whether something holds; undefined when it cannot be known. */
type Maybe = boolean | undefined;

/** The affinity terms that a pod requires, with the label keys put into their selectors as the API server does. */
export function affinityTerms({ metadata, spec }: Pod): PodAffinityTerm[] {
  return merged(spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution, metadata.labels);
}

/** The same of its anti-affinity. */
export function antiAffinityTerms({ metadata, spec }: Pod): PodAffinityTerm[] {
  const terms = spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return merged(terms, metadata.labels);
}

function merged(terms: readonly PodAffinityTerm[] = [], labels: Record<string, string> = {}) {
  return terms.map((term) => {
    const same = withLabelKeys(term.labelSelector, labels, term.matchLabelKeys ?? []);
    const selector = withLabelKeys(same, labels, term.mismatchLabelKeys ?? [], 'NotIn');
    return selector === undefined ? term : { ...term, labelSelector: selector };
  });
}

/**
 * Whether a term of `owner` selects a pod. Of a namespace's labels only its name is known; a term without namespaces is
 * about the owner's (getNamespacesFromPodAffinityTerm).
 */
export function termSelects(term: PodAffinityTerm, owner: Pod, { metadata }: Pod): Maybe {
  if (!selects(term.labelSelector, metadata.labels)) return false;
  const namespace = metadata.namespace ?? '';
  const { namespaces = [], namespaceSelector } = term;
  if (namespaces.length === 0 && namespaceSelector === undefined) {
    return namespace === owner.metadata.namespace;
  }
  if (namespaces.includes(namespace)) return true;
  if (namespaceSelector === undefined) return false;
  const keys = [
    ...Object.keys(namespaceSelector.matchLabels ?? {}),
    ...(namespaceSelector.matchExpressions ?? []).map(({ key }) => key),
  ];
  const byName = 'kubernetes.io/metadata.name';
  if (keys.some((key) => key !== byName)) return undefined;
  return selects(namespaceSelector, { [byName]: namespace });
}

/** InterPodAffinity: the pod's own rules, then those of the pods that are there already. */
export function refusedByPodAffinity(pod: Pod, scene: Scene): Outcome {
  const here = scene.node.metadata.labels ?? {};
  const placed = [...scene.pods.map((each) => ({ pod: each, labels: here })), ...scene.elsewhere];
  const others = placed.map((each) => ({ ...each, labels: each.labels ?? assumedLabels(each.pod) }));
  return decisive([
    affinity(pod, scene, others),
    antiAffinity(pod, scene, others),
    existingAntiAffinity(pod, scene, others),
  ]);
}

/** Every node is a host of its own; what else a node that was not read is labelled with is not needed. */
function assumedLabels({ spec }: Pod): Record<string, string> {
  return { [hostname]: spec.nodeName ?? '' };
}

type Neighbour = Placed & { labels: Record<string, string> };

/** A pod counts when it fits all terms at once. The first of a group that its own terms are about may go anywhere. */
function affinity(pod: Pod, { node, unseen }: Scene, placed: readonly Neighbour[]): Outcome {
  const terms = affinityTerms(pod);
  if (terms.length === 0) return undefined;
  const refusal = { filter, reason: "node(s) didn't match pod affinity rules" };
  const here = node.metadata.labels ?? {};
  const missing = terms.find(({ topologyKey }) => here[topologyKey] === undefined);
  if (missing !== undefined) return { ...refusal, detail: `the node has no label ${missing.topologyKey}` };
  const fits = placed.map((each) => ({
    ...each,
    fits: all(terms.map((t) => termSelects(t, pod, each.pod))),
  }));
  const near = (maybe: Maybe) =>
    terms.every(({ topologyKey }) =>
      fits.some((each) => each.fits === maybe && each.labels[topologyKey] === here[topologyKey]),
    );
  if (near(true)) return undefined;
  if (unseen !== undefined) return { doubt: unseen };
  const counted = fits.filter(({ labels }) => terms.some(({ topologyKey }) => topologyKey in labels));
  if (counted.some((each) => each.fits === undefined)) return { doubt: namespaceDoubt(pod) };
  const first = counted.find((each) => each.fits === true);
  if (first === undefined) {
    return all(terms.map((term) => termSelects(term, pod, pod))) === true ? undefined : refusal;
  }
  const { metadata, spec } = first.pod;
  return { ...refusal, detail: `pod/${metadata.name} is on ${spec.nodeName ?? ''}` };
}

function antiAffinity(pod: Pod, { node, unseen }: Scene, placed: readonly Neighbour[]): Outcome {
  const terms = antiAffinityTerms(pod);
  const outcome = clash(node.metadata.labels, placed, (each) =>
    terms.map((term) => ({ key: term.topologyKey, selected: termSelects(term, pod, each) })),
  );
  if (isRefusal(outcome)) return { ...outcome, reason: "node(s) didn't match pod anti-affinity rules" };
  const reaches = terms.some(({ topologyKey }) => topologyKey !== hostname);
  return unseen !== undefined && reaches ? { doubt: unseen } : outcome;
}

function existingAntiAffinity(pod: Pod, { node }: Scene, placed: readonly Neighbour[]): Outcome {
  const outcome = clash(node.metadata.labels, placed, (each) =>
    antiAffinityTerms(each).map((term) => ({
      key: term.topologyKey,
      selected: termSelects(term, each, pod),
    })),
  );
  if (!isRefusal(outcome)) return outcome;
  return { ...outcome, reason: "node(s) didn't satisfy existing pods anti-affinity rules" };
}

/** The first pod in the same topology with which a term of one of the two forbids it. */
function clash(
  here: Record<string, string> = {},
  placed: readonly Neighbour[],
  terms: (pod: Pod) => { key: string; selected: Maybe }[],
): Outcome {
  return decisive(
    placed.flatMap(({ pod, labels }) =>
      terms(pod)
        .filter(({ key }) => here[key] !== undefined && here[key] === labels[key])
        .map(({ selected }): Outcome => {
          if (selected === false) return undefined;
          if (selected === undefined) return { doubt: namespaceDoubt(pod) };
          return { filter, reason: '', detail: `pod/${pod.metadata.name}` };
        }),
    ),
  );
}

function namespaceDoubt({ metadata }: Pod): string {
  return `a rule about pod/${metadata.name} chooses namespaces by labels, which are not read`;
}

function all(each: readonly Maybe[]): Maybe {
  if (each.includes(false)) return false;
  return each.includes(undefined) ? undefined : true;
}
