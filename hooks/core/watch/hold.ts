import type { Deployment, Pod } from '../objects.ts';
import { matchesNodeSelector } from '../placement/node-selector.ts';
import { isSeveral } from '../several.ts';

/** What decides whether the anchor may leave its node. */
export interface HoldFacts {
  /** The anchor's node. */
  node: string;
  /** The Coordinator's Deployment; undefined when there is none. */
  deployment: Deployment | undefined;
  /** The Coordinator's pods that have neither ended nor been told to. */
  pods: readonly Pod[];
}

/**
 * Why the anchor has to stay until the Coordinator's next pod has a node; undefined when it need not. A pod that is on
 * its way out still attracts those of its group (kube-scheduler, InterPodAffinity), but once none is left the next may
 * go anywhere.
 */
export function reasonToHold({ node, deployment, pods }: HoldFacts): string | undefined {
  if (deployment?.metadata.deletionTimestamp !== undefined || (deployment?.spec.replicas ?? 1) === 0)
    return undefined;
  if (deployment === undefined || refusesByName(deployment, node)) return undefined;
  // Of several there is always one that has the key.
  if (isSeveral(deployment)) return undefined;
  if (!pods.some(({ spec }) => isNamed(spec.nodeName))) return 'the Coordinator is between two pods';
  return isSettled(deployment) ? undefined : 'the Coordinator is about to be replaced';
}

/** Whether no pod is going to be replaced: the Deployment's controller has seen the template, and has its pods. */
function isSettled({ metadata, spec, status }: Deployment): boolean {
  if (spec.paused === true) return true;
  const seen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return seen && (status?.updatedReplicas ?? 0) >= (spec.replicas ?? 1);
}

/** Whether the Coordinator is to leave this node, as `placement.avoidNodes` says it. */
function refusesByName({ spec }: Deployment, node: string): boolean {
  const required = spec.template.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms = required?.nodeSelectorTerms ?? [];
  const named = { metadata: { name: node }, spec: {} };
  return (
    terms.length > 0 &&
    terms.every(
      ({ matchFields = [] }) =>
        matchFields.length > 0 && !matchesNodeSelector(named, { nodeSelectorTerms: [{ matchFields }] }),
    )
  );
}

function isNamed(node: string | undefined): boolean {
  return node !== undefined && node !== '';
}
