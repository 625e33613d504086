import type { Deployment, Pod } from './objects.ts';
import { CoordinatorState, stateName, type CoordinatorFacts } from './states.ts';

/** A pod of the Coordinator and what it answered. */
export interface PodAnswer {
  pod: Pod;
  coordinator: CoordinatorFacts;
}

/**
 * Whether several Coordinators run that share a state (charts: templates/_helpers/_distributed.tpl). A standalone one is
 * exactly one, and a single one with a shared state is treated like it.
 */
export function isSeveral({ spec }: Deployment): boolean {
  return (spec.replicas ?? 1) > 1;
}

/**
 * In what pods differ that should be one Coordinator: a Marble may reach any of them. A new one that still fetches the key
 * from another is in state 1 until it has it. Undefined when they agree.
 */
export function disagreement(answers: readonly PodAnswer[]): string | undefined {
  const states = new Set(answers.map(({ coordinator }) => coordinator.state));
  if (states.size > 1) {
    return answers
      .map(({ pod, coordinator }) => `pod/${pod.metadata.name} is in state ${stateName(coordinator.state)}`)
      .join(', ');
  }
  const roots = new Set(answers.map(({ coordinator }) => coordinator.rootCertificate));
  // Before there is a Manifest nothing holds them together yet.
  if (roots.size < 2 || states.has(CoordinatorState.AcceptingManifest)) return undefined;
  const names = answers.map(({ pod }) => `pod/${pod.metadata.name}`).join(' and ');
  return `${names} have different root certificates`;
}

/** The answer that tells most of the shared state: state 3 before all, and a need for recovery before an empty store. */
export function mostTelling(answers: readonly PodAnswer[]): PodAnswer | undefined {
  const inState = (state: number) => answers.find(({ coordinator }) => coordinator.state === state);
  return inState(CoordinatorState.AcceptingMarbles) ?? inState(CoordinatorState.Recovery) ?? answers[0];
}

/**
 * The answer that says whether Marbles can start: the lowest state, since a Marble may reach that pod. Of equals one on
 * this node comes first, so that the same pod speaks for all from look to look.
 */
export function leastAble(answers: readonly PodAnswer[], node: string | undefined): PodAnswer | undefined {
  const away = ({ pod }: PodAnswer): number => (pod.spec.nodeName === node ? 0 : 1);
  return answers.toSorted((a, b) => a.coordinator.state - b.coordinator.state || away(a) - away(b))[0];
}

/** The nodes of these pods, each once. */
export function nodesOf(pods: readonly Pod[]): string[] {
  return [...new Set(pods.map(({ spec }) => spec.nodeName ?? '').filter((name) => name !== ''))].sort();
}
