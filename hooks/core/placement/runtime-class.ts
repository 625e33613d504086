import type { Known } from '../known.ts';
import type { PodSpec, RuntimeClass } from '../objects.ts';

/**
 * A pod as the API server stores it for its RuntimeClass: with the overhead of each pod, and tied to the nodes that have it
 * (plugin/pkg/admission/runtimeclass).
 */
export function withRuntimeClass(pod: PodSpec, { overhead, scheduling }: RuntimeClass): PodSpec {
  const spec: PodSpec = {
    ...pod,
    nodeSelector: { ...pod.nodeSelector, ...scheduling?.nodeSelector },
    tolerations: [...(pod.tolerations ?? []), ...(scheduling?.tolerations ?? [])],
  };
  delete spec.overhead;
  if (overhead?.podFixed !== undefined) spec.overhead = overhead.podFixed;
  return spec;
}

/** A node label for which the pod wants another value than its RuntimeClass does. */
export interface SelectorClash {
  key: string;
  wanted: string;
  ofClass: string;
}

/** The node labels because of which the API server refuses the pod. */
export function selectorClashes(pod: PodSpec, { scheduling }: RuntimeClass): SelectorClash[] {
  return Object.entries(scheduling?.nodeSelector ?? {}).flatMap(([key, ofClass]) => {
    const wanted = pod.nodeSelector?.[key];
    return wanted === undefined || wanted === ofClass ? [] : [{ key, wanted, ofClass }];
  });
}

/** Why it cannot be told what becomes of a pod that names a RuntimeClass; undefined when it can. */
export function runtimeClassDoubt(
  pod: PodSpec,
  found: Known<RuntimeClass | undefined> | undefined,
): string | undefined {
  const name = `RuntimeClass ${pod.runtimeClassName ?? ''}`;
  if (found?.known !== true) {
    const why = found === undefined ? 'it was not read' : found.why;
    return `the overhead and the nodes of ${name} are not known: ${why}`;
  }
  if (found.value === undefined) return `the API server refuses the pod: there is no ${name}`;
  const [clash] = selectorClashes(pod, found.value);
  if (clash === undefined) return undefined;
  const { key, wanted, ofClass } = clash;
  return `the API server refuses the pod: it wants nodes with ${key}=${wanted}, and ${name} those with ${key}=${ofClass}`;
}
