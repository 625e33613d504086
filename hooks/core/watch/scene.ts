import { environmentOf } from '../environment.ts';
import { liveVersion } from '../image.ts';
import { valueOf, valuesOf, type Known } from '../known.ts';
import type { Deployment, Pod } from '../objects.ts';
import type { RolloutRecord } from '../record.ts';
import type { RecoveryTarget } from '../recovery/commands.ts';
import { leastAble, type PodAnswer } from '../several.ts';
import type { CoordinatorFacts } from '../states.ts';

/** The chart's name for the Coordinator's container; every release of upstream's charts has the same. */
export const containerName = 'coordinator';
const container = { container: containerName };

/** What the anchor finds in the cluster when it looks. */
export interface Scene {
  namespace: string;
  clientPort: number;
  /** The Coordinator's; undefined when there is none. */
  deployment: Deployment | undefined;
  /** Its pod that is not on its way out; of several the one that says whether Marbles can start. */
  pod: Pod | undefined;
  /** All of them. */
  pods?: readonly Pod[];
  /** What that very pod answers; undefined when it does not. */
  coordinator: CoordinatorFacts | undefined;
  record: Known<RolloutRecord | undefined>;
  /** Of the record's ConfigMap, for a change that must not undo another's. */
  recordVersion: string | undefined;
}

/** What each pod answers, and the record of where they were. */
interface Heard {
  answers: readonly Known<PodAnswer>[];
  record: Scene['record'];
}

/** The answer that speaks for all pods; undefined while none answers. */
export function speakerOf({ answers, record }: Heard): PodAnswer | undefined {
  return leastAble(valuesOf(answers), valueOf(record)?.coordinator.node);
}

/** What is seen, with the pod that speaks for all and what it answers. */
export function sceneWith(
  seen: Omit<Scene, 'pod' | 'coordinator'> & { pods: readonly Pod[] },
  answers: Heard['answers'],
): Scene {
  const speaker = speakerOf({ answers, record: seen.record });
  return { ...seen, pod: speaker?.pod ?? seen.pods[0], coordinator: speaker?.coordinator };
}

/** The node that the Coordinator is on; empty while it has none. */
export function nodeOf({ pod }: Scene): string {
  return pod?.spec.nodeName ?? '';
}

/** The version that runs, else the one that the record tells. */
export function versionIn({ deployment, record }: Scene): string {
  return liveVersion(deployment, container) ?? valueOf(record)?.coordinator.version ?? '';
}

/** Where a recovery has to go. */
export function recoveryTargetIn(scene: Scene): RecoveryTarget {
  const { namespace, clientPort, deployment, pod, record } = scene;
  const environment = deployment === undefined ? {} : environmentOf(deployment, container);
  return {
    namespace,
    pod: pod?.metadata.name ?? 'POD',
    clientPort,
    version: versionIn(scene),
    simulation: environment.OE_SIMULATION === '1',
    keys: valueOf(record)?.recoveryKeys,
  };
}

/**
 * What makes two looks see the same run of the Coordinator: its pod and how often that has restarted; without a pod,
 * the Deployment as it was last changed.
 */
export function runOf({ pod, deployment }: Scene): string {
  const restarts = pod?.status?.containerStatuses?.map(({ restartCount }) => restartCount) ?? [];
  const { uid, generation } = deployment?.metadata ?? {};
  return pod === undefined ? `${uid ?? ''}/${generation ?? 0}` : [pod.metadata.uid, ...restarts].join('/');
}
