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

/** `node/NAME` of the sealed state, for messages. */
export function nodeName({ node, pods, record }: PreflightFacts): string | undefined {
  if (node?.known === true) return node.value.node.metadata.name;
  return pods.find(({ spec }) => spec.nodeName !== undefined)?.spec.nodeName ?? recordedNode(record);
}

/** The node that the last rollout saw the Coordinator on, if it noted one. */
export function recordedNode(record: Known<RolloutRecord | undefined>): string | undefined {
  const node = valueOf(record)?.coordinator.node;
  return node === '' ? undefined : node;
}
