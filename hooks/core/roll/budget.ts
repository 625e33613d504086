import type { ObjectMeta } from '../objects.ts';
import { objectName } from '../objects.ts';
import { selects } from '../placement/label-selector.ts';
import type { LabelSelector } from '../pod-rules.ts';
import type { RollTarget } from './member.ts';

/** A PodDisruptionBudget, as its controller keeps it. */
export interface PodDisruptionBudget {
  metadata: ObjectMeta;
  spec: { selector?: LabelSelector };
  status?: {
    disruptionsAllowed?: number;
    currentHealthy?: number;
    desiredHealthy?: number;
    expectedPods?: number;
  };
}

/** Whether a budget is about the pods of a workload. */
export function covers({ metadata, spec }: PodDisruptionBudget, target: RollTarget): boolean {
  return metadata.namespace === target.namespace && selects(spec.selector, target.podLabels);
}

/**
 * Why a workload must not be restarted now: a budget of its pods has nothing to spare. Controllers do not ask budgets
 * when they roll (Kubernetes docs, "Disruptions"), so the roll does.
 */
export function budgetHold(budgets: readonly PodDisruptionBudget[], target: RollTarget): string | undefined {
  const spent = budgets
    .filter((budget) => covers(budget, target))
    .find(({ status = {} }) => (status.expectedPods ?? 0) > 0 && (status.disruptionsAllowed ?? 0) < 1);
  if (spent === undefined) return undefined;
  const { currentHealthy = 0, desiredHealthy = 0 } = spent.status ?? {};
  const name = objectName('poddisruptionbudget', spent.metadata);
  return `${name} has nothing to spare: ${currentHealthy} of its pods are healthy and ${desiredHealthy} have to be`;
}
