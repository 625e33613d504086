/** Why a node does not take a pod: the scheduler's filter that refuses, and its reason in the scheduler's words. */
export interface Refusal {
  /** Name of the kube-scheduler plugin. */
  filter: string;
  reason: string;
  /** What exactly stands against it: amounts, a taint, a pod. */
  detail?: string;
}

/** Something that cannot be known and that the answer hangs on. */
export interface Doubt {
  doubt: string;
}

/** What a filter says of a node: undefined when it does not mind the pod. */
export type Outcome = Refusal | Doubt | undefined;

/** Whether an outcome is a refusal, and not just a doubt. */
export function isRefusal(outcome: Outcome): outcome is Refusal {
  return outcome !== undefined && 'filter' in outcome;
}

/** The first refusal, for it holds whatever is in doubt besides; else the first doubt. */
export function decisive(outcomes: Iterable<Outcome>): Outcome {
  let doubt: Outcome;
  for (const outcome of outcomes) {
    if (isRefusal(outcome)) return outcome;
    doubt ??= outcome;
  }
  return doubt;
}
