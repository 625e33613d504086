/** Why a node does not take a pod: the scheduler's filter that refuses, and its reason in the scheduler's words. */
export interface Refusal {
  /** Name of the kube-scheduler plugin. */
  filter: string;
  reason: string;
}
