import type { Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from '../objects.ts';

/**
 * Whether a node satisfies at least one term; terms without a requirement match nothing (Kubernetes API reference). The
 * scheduler looks at a volume's terms by labels only, and takes their fields for satisfied (component-helpers CheckNodeAffinity).
 */
export function matchesNodeSelector(node: Node, selector: NodeSelector, labelsOnly = false): boolean {
  return selector.nodeSelectorTerms.some((term) => matchesTerm(node, term, labelsOnly));
}

function matchesTerm(node: Node, term: NodeSelectorTerm, labelsOnly: boolean): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  return (
    expressions.length + fields.length > 0 &&
    expressions.every((requirement) => meets(node.metadata.labels?.[requirement.key], requirement)) &&
    (labelsOnly || fields.every((requirement) => meets(fieldValue(node, requirement.key), requirement)))
  );
}

/** `metadata.name` is the only field that a node can be selected by. */
function fieldValue(node: Node, key: string): string | undefined {
  return key === 'metadata.name' ? node.metadata.name : undefined;
}

/** Whether a label's value, or its absence, meets a requirement; a label selector's operators are a part of these. */
export function meets(
  value: string | undefined,
  { operator, values = [] }: NodeSelectorRequirement,
): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return compares(value, values[0], (a, b) => a > b);
    case 'Lt':
      return compares(value, values[0], (a, b) => a < b);
    default:
      return false;
  }
}

function compares(
  value: string | undefined,
  bound: string | undefined,
  holds: (a: bigint, b: bigint) => boolean,
): boolean {
  const integer = /^[+-]?\d+$/;
  if (value === undefined || bound === undefined || !integer.test(value) || !integer.test(bound))
    return false;
  return holds(BigInt(value.replace('+', '')), BigInt(bound.replace('+', '')));
}
