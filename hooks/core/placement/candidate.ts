import { valueOf, type Known } from '../known.ts';
import type { Container, Deployment, Pod, PodSpec, RuntimeClass, Toleration } from '../objects.ts';
import { runtimeClassDoubt, withRuntimeClass } from './runtime-class.ts';

/** Label that a Deployment's pods are told apart by. A real value has no vowels, so that nobody has this one. */
const newHash = { 'pod-template-hash': 'new' };

/** The pod to come, and what is not known of it. */
export interface Candidate {
  pod: Pod;
  /** What the API server may add to the pod that cannot be told; undefined when nothing of it matters. */
  doubt: string | undefined;
}

/**
 * The next pod of a Deployment as the API server will store it. What its admission added to the running pod (tolerations, node
 * labels, default requests, the priority) it will add again. Without a running pod of the live template nothing is added, and
 * the priority is unknown. What the pod's RuntimeClass adds stands in that class.
 */
export function nextPod(
  target: Deployment,
  live: Deployment,
  running: Pod | undefined,
  runtimeClass?: Known<RuntimeClass | undefined>,
): Candidate {
  const { metadata, spec } = target.spec.template;
  const before = live.spec.template.spec;
  const example = running !== undefined && isOf(running.spec, before) ? running.spec : undefined;
  const stored = example === undefined ? { ...spec } : admitted(spec, before, example);
  const found = valueOf(runtimeClass);
  const pod: Pod = {
    metadata: {
      name: `the next pod of deployment/${target.metadata.name}`,
      namespace: target.metadata.namespace ?? live.metadata.namespace ?? '',
      labels: { ...metadata?.labels, ...newHash },
    },
    spec: found === undefined ? stored : withRuntimeClass(stored, found),
  };
  delete pod.spec.priority;
  const priority = priorityOf(spec, before, example);
  if (priority !== undefined) pod.spec.priority = priority;
  return { pod, doubt: classDoubt(stored, runtimeClass) ?? formerClass(spec, before, example) };
}

/** Whether a pod was made from a template, as far as its containers tell. */
function isOf(pod: PodSpec, template: PodSpec): boolean {
  const containers = (spec: PodSpec) => spec.containers.map(({ name, image = '' }) => `${name} ${image}`);
  const made = containers(pod);
  return containers(template).every((container) => made.includes(container));
}

/** What admission gave a pod, beyond what its template says. */
function given(before: PodSpec, example: PodSpec): { tolerations: Toleration[]; labels: [string, string][] } {
  const known = new Set((before.tolerations ?? []).map((toleration) => JSON.stringify(toleration)));
  return {
    tolerations: (example.tolerations ?? []).filter((each) => !known.has(JSON.stringify(each))),
    labels: Object.entries(example.nodeSelector ?? {}).filter(
      ([key]) => !(key in (before.nodeSelector ?? {})),
    ),
  };
}

function admitted(target: PodSpec, before: PodSpec, example: PodSpec): PodSpec {
  const { tolerations, labels } = given(before, example);
  const spec: PodSpec = {
    ...target,
    tolerations: [...(target.tolerations ?? []), ...tolerations],
    nodeSelector: { ...Object.fromEntries(labels), ...target.nodeSelector },
    containers: target.containers.map((container) =>
      withDefaults(container, named(before, container), named(example, container)),
    ),
  };
  // A webhook's doing where no template names a class.
  if (example.overhead !== undefined && !namesClass(target)) spec.overhead = example.overhead;
  if (
    example.schedulerName !== undefined &&
    example.schedulerName !== (before.schedulerName ?? 'default-scheduler')
  ) {
    spec.schedulerName = example.schedulerName;
  }
  return spec;
}

function named({ containers }: PodSpec, { name }: Container): Container | undefined {
  return containers.find((each) => each.name === name);
}

/** Requests that a LimitRange or a webhook gave the running container, which did not say anything about them itself. */
function withDefaults(
  target: Container,
  before: Container | undefined,
  example: Container | undefined,
): Container {
  if (before === undefined || example === undefined) return target;
  const said = (container: Container, name: string) =>
    container.resources?.requests?.[name] !== undefined || container.resources?.limits?.[name] !== undefined;
  const added = Object.entries(example.resources?.requests ?? {}).filter(
    ([name]) => !said(before, name) && !said(target, name),
  );
  if (added.length === 0) return target;
  const requests = { ...target.resources?.requests, ...Object.fromEntries(added) };
  return { ...target, resources: { ...target.resources, requests } };
}

/** Priority classes that every cluster has (Kubernetes: "Pod Priority and Preemption"). */
const systemPriorities: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
};

function priorityOf(target: PodSpec, before: PodSpec, example: PodSpec | undefined): number | undefined {
  const name = target.priorityClassName ?? '';
  if (example !== undefined && name === (before.priorityClassName ?? '')) return example.priority ?? 0;
  return systemPriorities[name];
}

function namesClass({ runtimeClassName = '' }: PodSpec): boolean {
  return runtimeClassName !== '';
}

function classDoubt(pod: PodSpec, found: Known<RuntimeClass | undefined> | undefined): string | undefined {
  return namesClass(pod) ? runtimeClassDoubt(pod, found) : undefined;
}

/**
 * The running pod may have tolerations and node labels of a class that the next one no longer names. Those that every pod gets, or
 * that come with the devices it asks for, are not the class's.
 */
function formerClass(target: PodSpec, before: PodSpec, example: PodSpec | undefined): string | undefined {
  const name = before.runtimeClassName ?? '';
  if (name === '' || example === undefined || name === target.runtimeClassName) return undefined;
  const devices = new Set(
    example.containers.flatMap(({ resources }) => Object.keys(resources?.limits ?? {})),
  );
  const { tolerations, labels } = given(before, example);
  const others = tolerations.filter(
    ({ key = '' }) => !key.startsWith('node.kubernetes.io/') && !devices.has(key),
  );
  if (others.length === 0 && labels.length === 0) return undefined;
  return `what the RuntimeClass ${name} gave the running pod cannot be told from what it would be given again`;
}
