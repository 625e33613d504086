import { valueOf, type Known } from './known.ts';
import type { Deployment, Pod } from './objects.ts';
import type { FieldConflict } from './ownership.ts';
import type { NodeFacts } from './placement/node-fit.ts';
import type { RolloutRecord } from './record.ts';
import type { Settings } from './settings.ts';
import type { CoordinatorFacts } from './states.ts';

/** Everything preflight knows before it decides. */
export interface PreflightFacts {
  settings: Settings;
  /** The Deployment that Helm is about to apply, rendered by the chart itself. */
  target: Deployment;
  /** The Coordinator's Deployment as it is; undefined before the first install. */
  live: Deployment | undefined;
  /** The Coordinator's pods that are not on their way out. */
  pods: readonly Pod[];
  /** All pods with the placement group's label. */
  group: readonly Pod[];
  /** What the running Coordinator tells; undefined when none runs. */
  coordinator: Known<CoordinatorFacts> | undefined;
  /** The node that the sealed state belongs to, and what is on it; undefined when no node is known. */
  node: Known<NodeFacts> | undefined;
  record: Known<RolloutRecord | undefined>;
  /** What a server-side apply by Helm would conflict with; empty when Helm does not apply on the server. */
  conflicts: Known<FieldConflict[]>;
}

/** The node that the sealed state belongs to: the Coordinator's, else the one that the last rollout noted. */
export function nodeName({ pods, record }: Pick<PreflightFacts, 'pods' | 'record'>): string | undefined {
  const node = pods.find(({ spec }) => spec.nodeName !== undefined)?.spec.nodeName;
  const recorded = valueOf(record)?.coordinator.node;
  return node ?? (recorded === '' ? undefined : recorded);
}
