import type { Container, ContainerStatus, Node, Pod, PodSpec } from '../objects.ts';
import { milliValue } from '../quantity.ts';
import { amountText } from './amount.ts';
import type { Refusal } from './refusal.ts';

type Amounts = Record<string, number>;

/**
 * What a pod asks for, in thousandths: containers and restartable init containers together, or the largest moment of
 * the init phase if that is more; what the pod asks for as a whole replaces that; plus the overhead (k8s.io/component-helpers/resource PodRequests).
 * A container that is being resized in place counts with what it has, where that is more.
 */
export function podRequests(pod: PodSpec, status: Pod['status'] = {}): Amounts {
  const now = currentRequests(status);
  const sidecars: Amounts = {};
  const initPeak: Amounts = {};
  for (const container of pod.initContainers ?? []) {
    if (container.restartPolicy === 'Always') {
      add(sidecars, now(container));
      raise(initPeak, sidecars);
    } else {
      const moment = { ...sidecars };
      add(moment, requests(container));
      raise(initPeak, moment);
    }
  }
  const total = { ...sidecars };
  for (const container of pod.containers) add(total, now(container));
  raise(total, initPeak);
  Object.assign(total, wholePodRequests(pod, total));
  add(total, amounts(pod.overhead));
  return total;
}

/**
 * NodeResourcesFit: the first resource that is short on the node. Kinds that the pod does not ask for do not matter, not
 * even when others have more of them than there is.
 */
export function refusedByResources(
  node: Node,
  pod: PodSpec,
  podsOnNode: readonly Pod[],
): Refusal | undefined {
  const allocatable = amounts(node.status?.allocatable);
  const places = (allocatable.pods ?? 0) / 1000;
  if (podsOnNode.length + 1 > places) {
    return short('Too many pods', `${podsOnNode.length} of ${places} places are taken`);
  }
  const used: Amounts = {};
  for (const { spec, status } of podsOnNode) add(used, inWholeUnits(podRequests(spec, status)));
  const wanted = inWholeUnits(podRequests(pod));
  for (const [resource, asked] of Object.entries(wanted)) {
    const total = allocatable[resource] ?? 0;
    const free = total - (used[resource] ?? 0);
    if (asked > 0 && asked > free) {
      const text = (amount: number) => amountText(resource, amount);
      return short(
        `Insufficient ${resource}`,
        `${text(asked)} asked, ${text(Math.max(free, 0))} of ${text(total)} free`,
      );
    }
  }
  return undefined;
}

function short(reason: string, detail: string): Refusal {
  return { filter: 'NodeResourcesFit', reason, detail };
}

/** Kinds that can be asked for and limited for the pod as a whole (component-helpers IsSupportedPodLevelResource). */
function isForWholePod(resource: string): boolean {
  return resource === 'cpu' || resource === 'memory' || resource.startsWith('hugepages-');
}

/**
 * What the pod asks for as a whole. Where it only has limits, the API server adds requests when it stores the pod: what
 * the containers ask for, else the limit (defaultPodRequests in pkg/apis/core/v1/defaults.go).
 */
function wholePodRequests({ resources }: PodSpec, containers: Amounts): Amounts {
  const limits = Object.entries(amounts(resources?.limits));
  const added = limits.map(([name, limit]): [string, number] => {
    const overcommits = !name.startsWith('hugepages-');
    return [name, (overcommits ? containers[name] : undefined) ?? limit];
  });
  const all = { ...Object.fromEntries(added), ...amounts(resources?.requests) };
  return Object.fromEntries(Object.entries(all).filter(([name]) => isForWholePod(name)));
}

/** The API server sets a missing request to the limit when it stores a pod; a template has not been there yet. */
function requests({ resources }: Container): Amounts {
  return { ...amounts(resources?.limits), ...amounts(resources?.requests) };
}

/** What a running container counts with: the most of what it asks for, has and was allotted (determineContainerReqs). */
function currentRequests(status: NonNullable<Pod['status']>): (container: Container) => Amounts {
  const statuses = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  const byName = new Map(statuses.map((each): [string, ContainerStatus] => [each.name, each]));
  const infeasible = status.conditions?.some(
    ({ type, reason }) => type === 'PodResizePending' && reason === 'Infeasible',
  );
  return (container) => {
    const current = byName.get(container.name);
    if (current?.resources === undefined) return requests(container);
    const most = infeasible === true ? {} : requests(container);
    raise(most, amounts(current.resources.requests));
    raise(most, amounts(current.allocatedResources));
    return most;
  };
}

function amounts(quantities: Record<string, string | number> | undefined): Amounts {
  return Object.fromEntries(
    Object.entries(quantities ?? {}).map(([name, quantity]) => [name, milliValue(quantity)]),
  );
}

/** The scheduler counts CPU in thousandths and all else in whole units, rounded up for each pod (SetMaxResource). */
function inWholeUnits(each: Amounts): Amounts {
  return Object.fromEntries(
    Object.entries(each).map(([name, amount]) => [
      name,
      name === 'cpu' ? amount : Math.ceil(amount / 1000) * 1000,
    ]),
  );
}

function add(sum: Amounts, more: Amounts): void {
  for (const [name, amount] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + amount;
}

function raise(peak: Amounts, other: Amounts): void {
  for (const [name, amount] of Object.entries(other)) peak[name] = Math.max(peak[name] ?? 0, amount);
}
