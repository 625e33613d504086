import type { NodeSelectorRequirement } from '../objects.ts';
import type { LabelSelector } from '../pod-rules.ts';
import { meets } from './node-selector.ts';

type Labels = Record<string, string>;

/** Whether labels fit a selector; an absent one selects nothing (apimachinery LabelSelectorAsSelector). */
export function selects(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  return (
    selector !== undefined &&
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every((requirement) => meets(labels[requirement.key], requirement))
  );
}

/** Whether a selector asks for nothing, and so selects everything. */
export function selectsAll(selector: LabelSelector | undefined): boolean {
  return selector !== undefined && requirements(selector).length === 0;
}

/** The selector as the API server takes it in a list's query. */
export function selectorText(selector: LabelSelector): string {
  return requirements(selector).map(requirementText).join(',');
}

/** The selector with `in` requirements for the values that a pod has under the keys (KEP 3633, KEP 3243). */
export function withLabelKeys(
  selector: LabelSelector | undefined,
  labels: Labels,
  keys: readonly string[],
  operator = 'In',
): LabelSelector | undefined {
  if (selector === undefined || keys.length === 0) return selector;
  const added = keys.flatMap((key) => {
    const value = labels[key];
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...added] };
}

function requirements({ matchLabels, matchExpressions }: LabelSelector): NodeSelectorRequirement[] {
  const equal = Object.entries(matchLabels ?? {});
  return [
    ...equal.map(([key, value]) => ({ key, operator: 'In', values: [value] })),
    ...(matchExpressions ?? []),
  ];
}

function requirementText({ key, operator, values = [] }: NodeSelectorRequirement): string {
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key}=${values[0] ?? ''}` : `${key} in (${values.join(',')})`;
    case 'NotIn':
      return `${key} notin (${values.join(',')})`;
    case 'Exists':
      return key;
    default:
      return `!${key}`;
  }
}
