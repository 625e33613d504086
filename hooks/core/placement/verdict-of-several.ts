import type { PreflightFacts } from '../facts.ts';
import { runningVersion } from '../image.ts';
import { valueOf, valuesOf } from '../known.ts';
import type { Deployment } from '../objects.ts';
import { releaseOf } from '../releases.ts';
import { CoordinatorState } from '../states.ts';
import { nextPod } from './candidate.ts';
import { nodeRefusal } from './node-fit.ts';
import { isRefusal, type Outcome } from './refusal.ts';
import { idOf, type NodeFacts } from './scene.ts';
import type { PlacementVerdict } from './verdict.ts';

/**
 * Several Coordinators are replaced one by one, and each gets the key from one that has it, whichever node it is on. Where
 * none can hand it on, at least one has to start on a node that ran one before (MarbleRun docs, features/recovery).
 */
export function verdictOfSeveral(facts: PreflightFacts, live: Deployment): PlacementVerdict {
  const why = noHandingOn(facts);
  if (why === undefined) return { kind: 'hands-on-key' };
  const { pod, doubt } = nextPod(facts.target, live, facts.pods[0], facts.runtimeClass);
  if (doubt !== undefined) return { kind: 'unknown', node: undefined, reason: `${why}; ${doubt}` };
  const gone = new Set(facts.pods.map(idOf));
  const nodes = valuesOf(facts.oldNodes ?? []);
  const outcomes = nodes.map((node): { node: NodeFacts; outcome: Outcome } => ({
    node,
    outcome: nodeRefusal(pod, node, gone),
  }));
  const [refused] = outcomes;
  const all = (facts.oldNodes ?? []).length === nodes.length;
  if (refused !== undefined && all && outcomes.every(({ outcome }) => isRefusal(outcome))) {
    const { node, outcome } = refused;
    if (isRefusal(outcome)) return { kind: 'must-move', node: node.node.metadata.name, ...outcome };
  }
  const open = outcomes.find(({ outcome }) => outcome === undefined)?.node.node.metadata.name;
  const rest =
    open === undefined
      ? 'whether a node that ran one before takes a new pod is not known'
      : `${open} ran one before and takes a new pod, but nothing makes the scheduler choose it`;
  return { kind: 'unknown', node: open, reason: `${why}; ${rest}` };
}

/** Why no running Coordinator can hand its key to a new one; undefined when one can (keyclient.go, verifyReport). */
function noHandingOn({ settings, live, pods, coordinator }: PreflightFacts): string | undefined {
  if (pods.length === 0) return 'no Coordinator runs that could hand on its key';
  const state = valueOf(coordinator)?.state;
  if (state === undefined) return 'whether a running Coordinator has the key to hand on is not known';
  if (state === CoordinatorState.Recovery) return 'no running Coordinator has the key to hand on';
  const [before, after] = [runningVersion(live, settings.coordinator), settings.coordinator.version].map(
    (version) => releaseOf(version).securityVersion,
  );
  if (settings.coordinator.simulation || (before ?? 0) >= (after ?? 0)) return undefined;
  return 'a Coordinator takes no key from one of a lower SecurityVersion';
}
