import type { ContainerStatus, Pod } from './objects.ts';

/** What a pod can be stuck on. */
export type PodTroubleKind = 'unscheduled' | 'image' | 'crash' | 'configuration';

/** Why a pod does not become ready, in Kubernetes' own words. */
export interface PodTrouble {
  kind: PodTroubleKind;
  text: string;
  /** How often the container has been started again. */
  restarts?: number;
}

/** Waiting reasons that every container passes through. */
const ordinary: readonly (string | undefined)[] = [undefined, 'ContainerCreating', 'PodInitializing'];
/** Waiting reasons about the image (Kubernetes: pkg/kubelet/images/types.go). */
const aboutImages = 'Image';

/** Why a pod does not become ready; undefined when nothing is wrong yet. */
export function podTroubleOf({ metadata, status }: Pod): PodTrouble | undefined {
  const unscheduled = status?.conditions?.find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  );
  if (unscheduled !== undefined) {
    const text = `pod/${metadata.name} is not scheduled: ${unscheduled.message ?? ''}`;
    return { kind: 'unscheduled', text };
  }
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const trouble = containers.map(containerTrouble).find((found) => found !== undefined);
  return trouble === undefined ? undefined : { ...trouble, text: `pod/${metadata.name}: ${trouble.text}` };
}

/** The same as one line. */
export function podTrouble(pod: Pod): string | undefined {
  return podTroubleOf(pod)?.text;
}

/** Whether a pod serves, by its own condition. */
export function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
}

function containerTrouble({
  name,
  ready,
  restartCount,
  state = {},
}: ContainerStatus): PodTrouble | undefined {
  const { waiting, terminated } = state;
  if (terminated !== undefined) {
    // An init container that has done its work is ready.
    if (ready && terminated.exitCode === 0) return undefined;
    const text = `container ${name} ended with code ${terminated.exitCode ?? '?'} (${terminated.reason ?? 'no reason'})`;
    return { kind: 'crash', text, restarts: restartCount };
  }
  if (waiting === undefined || ordinary.includes(waiting.reason)) return undefined;
  const { reason = '', message = '' } = waiting;
  return {
    kind: kindOf(reason),
    restarts: restartCount,
    text: `container ${name} waits: ${reason}: ${message}`,
  };
}

function kindOf(reason: string): PodTroubleKind {
  if (reason === 'CrashLoopBackOff') return 'crash';
  return reason.includes(aboutImages) || reason === 'RegistryUnavailable' ? 'image' : 'configuration';
}
