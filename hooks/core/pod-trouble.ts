import type { ContainerStatus, Pod } from './objects.ts';

/** Waiting reasons that every container passes through. */
const ordinary: readonly (string | undefined)[] = [undefined, 'ContainerCreating', 'PodInitializing'];

/** Why a pod does not become ready, in Kubernetes' own words; undefined when nothing is wrong yet. */
export function podTrouble({ metadata, status }: Pod): string | undefined {
  const unscheduled = status?.conditions?.find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  );
  if (unscheduled !== undefined) return `pod/${metadata.name} is not scheduled: ${unscheduled.message ?? ''}`;
  const troubles = (status?.containerStatuses ?? []).map((container) => containerTrouble(container));
  const trouble = troubles.find((text) => text !== undefined);
  return trouble === undefined ? undefined : `pod/${metadata.name}: ${trouble}`;
}

function containerTrouble({ name, state = {} }: ContainerStatus): string | undefined {
  const { waiting, terminated } = state;
  if (terminated !== undefined) {
    return `container ${name} ended with code ${terminated.exitCode ?? '?'} (${terminated.reason ?? 'no reason'})`;
  }
  if (waiting === undefined || ordinary.includes(waiting.reason)) return undefined;
  return `container ${name} waits: ${waiting.reason ?? ''}: ${waiting.message ?? ''}`;
}
