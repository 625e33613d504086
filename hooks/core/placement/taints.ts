import type { Node, Taint, Toleration } from '../objects.ts';
import type { Refusal } from './refusal.ts';

/** Added to every pod by the DefaultTolerationSeconds admission plugin, which is on by default. */
const admitted: readonly Toleration[] = ['not-ready', 'unreachable'].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
}));

/** Whether a toleration covers a taint (k8s.io/component-helpers ToleratesTaint): an empty key or effect covers all. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key = '', effect = '', operator = '', value = '' } = toleration;
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return (operator === '' || operator === 'Equal') && key !== '' && value === (taint.value ?? '');
}

/** The first taint that keeps a pod with these tolerations away; a PreferNoSchedule taint does not. */
export function untolerated(node: Node, tolerations: readonly Toleration[]): Taint | undefined {
  return node.spec.taints
    ?.filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute')
    .find((candidate) => ![...tolerations, ...admitted].some((t) => tolerates(t, candidate)));
}

/** TaintToleration: NoSchedule and NoExecute taints keep a pod away that does not tolerate them. */
export function refusedByTaints(node: Node, tolerations: readonly Toleration[]): Refusal | undefined {
  const taint = untolerated(node, tolerations);
  if (taint === undefined) return undefined;
  const { key, value, effect } = taint;
  return {
    filter: 'TaintToleration',
    reason: 'node(s) had untolerated taint(s)',
    detail: `${key}${value === undefined || value === '' ? '' : `=${value}`}:${effect}`,
  };
}
