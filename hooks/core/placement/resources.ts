import type { Container, Node, Pod, PodSpec } from '../objects.ts';
import { milliValue } from '../quantity.ts';
import type { Refusal } from './refusal.ts';

type Amounts = Record<string, number>;

/**
 * What a pod asks for, in thousandths: containers and restartable init containers together, or the largest moment of
 * the init phase if that is more; what the pod asks for as a whole replaces that; plus the overhead (k8s.io/component-helpers/resource PodRequests).
 */
export function podRequests(pod: PodSpec): Amounts {
  const sidecars: Amounts = {};
  const initPeak: Amounts = {};
  for (const container of pod.initContainers ?? []) {
    if (container.restartPolicy === 'Always') {
      add(sidecars, requests(container));
      raise(initPeak, sidecars);
    } else {
      const moment = { ...sidecars };
      add(moment, requests(container));
      raise(initPeak, moment);
    }
  }
  const total = { ...sidecars };
  for (const container of pod.containers) add(total, requests(container));
  raise(total, initPeak);
  Object.assign(total, amounts(pod.resources?.requests));
  add(total, amounts(pod.overhead));
  return total;
}

/**
 * NodeResourcesFit: the first resource that is short on the node, with `freed` pods (the ones that are gone before the
 * new pod starts) not counted.
 */
export function refusedByResources(
  node: Node,
  pod: PodSpec,
  podsOnNode: readonly Pod[],
  freed: ReadonlySet<string>,
): Refusal | undefined {
  const running = podsOnNode.filter(
    ({ metadata, status }) =>
      status?.phase !== 'Succeeded' &&
      status?.phase !== 'Failed' &&
      !freed.has(metadata.uid ?? metadata.name),
  );
  const allocatable = amounts(node.status?.allocatable);
  if ((running.length + 1) * 1000 > (allocatable.pods ?? Infinity)) return short('Too many pods');
  const used: Amounts = {};
  for (const { spec } of running) add(used, podRequests(spec));
  const lacking = Object.entries(podRequests(pod)).find(
    ([resource, wanted]) => wanted > 0 && wanted + (used[resource] ?? 0) > (allocatable[resource] ?? 0),
  );
  return lacking === undefined ? undefined : short(`Insufficient ${lacking[0]}`);
}

function short(reason: string): Refusal {
  return { filter: 'NodeResourcesFit', reason };
}

/** The API server sets a missing request to the limit when it stores a pod; a template has not been there yet. */
function requests({ resources }: Container): Amounts {
  return { ...amounts(resources?.limits), ...amounts(resources?.requests) };
}

function amounts(quantities: Record<string, string | number> | undefined): Amounts {
  return Object.fromEntries(
    Object.entries(quantities ?? {}).map(([name, quantity]) => [name, milliValue(quantity)]),
  );
}

function add(sum: Amounts, more: Amounts): void {
  for (const [name, amount] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + amount;
}

function raise(peak: Amounts, other: Amounts): void {
  for (const [name, amount] of Object.entries(other)) peak[name] = Math.max(peak[name] ?? 0, amount);
}
