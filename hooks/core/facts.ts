import type { BackupFacts } from './backup/plan.ts';
import type { Job } from './detach.ts';
import { valueOf, type Known } from './known.ts';
import type { FoundMarbles } from './marbles/found.ts';
import type { ReleaseObjects } from './lost/live-objects.ts';
import type { Deployment, Pod, RuntimeClass } from './objects.ts';
import type { FieldConflict } from './ownership.ts';
import type { OtherNodes } from './placement/other-nodes.ts';
import type { NodeFacts } from './placement/scene.ts';
import type { RolloutRecord } from './record.ts';
import type { Right } from './rights.ts';
import type { Settings } from './settings.ts';
import { nodesOf } from './several.ts';
import { CoordinatorState, type CoordinatorFacts } from './states.ts';
import type { StorageFacts } from './storage.ts';
import type { ValueProblem } from './values/problems.ts';

/** MarbleRun's injector, which tells new Marble pods where the Coordinator is. */
export interface InjectorFacts {
  /** Whether the API server refuses new Marble pods that it cannot ask about (failure policy Fail, the default). */
  webhook: boolean;
  /** Its pods that can answer. */
  available: number;
}

/** Everything preflight knows before it decides. */
export interface PreflightFacts {
  settings: Settings;
  /** The Deployment that Helm is about to apply, rendered by the chart itself. */
  target: Deployment;
  /** The Coordinator's Deployment as it is; undefined before the first install. */
  live: Deployment | undefined;
  /** The Job that may still roll Marbles for an earlier upgrade; undefined where no Job does that. */
  roll?: Known<Job | undefined> | undefined;
  /** The Coordinator's pods that are not on their way out. */
  pods: readonly Pod[];
  /** All pods with the placement group's label that have not ended, those on their way out included. */
  group: readonly Pod[];
  /** What the running Coordinator tells; undefined when none runs. */
  coordinator: Known<CoordinatorFacts> | undefined;
  /** The node that the sealed state belongs to, and what is on it; undefined when no node is known. */
  node: Known<NodeFacts> | undefined;
  /** All nodes that ran a Coordinator before; looked at only where several are to run. */
  oldNodes?: readonly Known<NodeFacts>[];
  /** The RuntimeClass of the pod to come, undefined inside where there is none; looked for only where the pod names one. */
  runtimeClass?: Known<RuntimeClass | undefined> | undefined;
  /** The other nodes; looked at only when the node of the sealed state does not take the new pod. */
  otherNodes?: Known<OtherNodes> | undefined;
  /** The chart's pin pod; undefined counts as one that asks for nothing. */
  pin?: Pod;
  record: Known<RolloutRecord | undefined>;
  /** The Marbles of this Coordinator; undefined before the first install. */
  marbles: FoundMarbles | undefined;
  injector: Known<InjectorFacts> | undefined;
  /** What preflight may not do, of all that it may have to do. */
  missingRights: Known<Right[]>;
  /** What else the release consists of; undefined where the record tells the settings, or nothing is there yet. */
  objects: ReleaseObjects | undefined;
  /** What a server-side apply by Helm would conflict with; empty when Helm does not apply on the server. */
  conflicts: Known<FieldConflict[]>;
  /** Where the sealed state lies; undefined where no copy of it is wanted. */
  backup?: BackupFacts | undefined;
  /** What of the release's values the chart's own schema refuses. */
  valueProblems: readonly ValueProblem[];
  /** The claims that hold the sealed state now and afterwards. */
  storage: Known<StorageFacts>;
}

/** Whether there is state to lose. A Coordinator that cannot be asked counts as one with a Manifest. */
export function mayHoldState({ live, coordinator }: Pick<PreflightFacts, 'live' | 'coordinator'>): boolean {
  return live !== undefined && valueOf(coordinator)?.state !== CoordinatorState.AcceptingManifest;
}

/** All nodes on which a Coordinator could open the state: those of its pods, else the ones that the last rollout noted. */
export function oldNodeNames({ pods, record }: Pick<PreflightFacts, 'pods' | 'record'>): readonly string[] {
  const running = nodesOf(pods);
  const recorded = valueOf(record)?.coordinator;
  if (running.length > 0 || recorded === undefined) return running;
  return recorded.nodes ?? [recorded.node].filter((name) => name !== '');
}

/** The node that the sealed state belongs to: the Coordinator's, else the one that the last rollout noted. */
export function nodeName({ pods, record }: Pick<PreflightFacts, 'pods' | 'record'>): string | undefined {
  const node = pods.find(({ spec }) => spec.nodeName !== undefined)?.spec.nodeName;
  const recorded = valueOf(record)?.coordinator.node;
  return node ?? (recorded === '' ? undefined : recorded);
}
