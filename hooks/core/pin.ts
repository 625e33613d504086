import type { PreflightFacts } from './facts.ts';
import type { Pod } from './objects.ts';

/** The short-lived pod that holds a node for the placement group while there is no anchor. */
export const pinName = 'marblerun-coordinator-pin';

/** Whether a pin that is there already serves: it has not ended, and is on this node or can go to no other. */
export function holdsNode(pin: Pod, node: string): boolean {
  if (pin.status?.phase === 'Succeeded' || pin.status?.phase === 'Failed') return false;
  return (pin.spec.nodeName ?? nodeMeantFor(pin)) === node;
}

function nodeMeantFor({ spec }: Pod): string | undefined {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required?.nodeSelectorTerms[0]?.matchFields?.[0]?.values?.[0];
}

/**
 * A pod of the chart's, such as the pin, bound to one node and owned by the Coordinator's Deployment, so that it goes with
 * it. The scheduler places it: what keeps the pin off the node would keep the Coordinator off, too.
 */
export function boundTo(node: string, template: Pod, owner: { name: string; uid: string }): Pod {
  const nodeSelectorTerms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }];
  return {
    ...template,
    metadata: {
      ...template.metadata,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', ...owner }],
    },
    spec: {
      ...template.spec,
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
    },
  };
}

/** Whether nothing that lasts holds a node for the Coordinator, so that a pin has to. */
export function needsPin({ group, pods }: PreflightFacts, node: string): boolean {
  const coordinators = new Set(pods.map(({ metadata }) => metadata.name));
  return !group.some(
    ({ metadata, spec }) =>
      !coordinators.has(metadata.name) && metadata.deletionTimestamp === undefined && spec.nodeName === node,
  );
}

/** The chart's pin or, where it is not at hand, the least that it is: a pod of the group that goes where the Coordinator may. */
export function pinTemplate({ pin, settings, target }: PreflightFacts): Pod {
  if (pin !== undefined) return pin;
  const { key, value } = settings.placement.groupLabel;
  const { tolerations = [], nodeSelector = {} } = target.spec.template.spec;
  return {
    metadata: { name: pinName, namespace: settings.release.namespace, labels: { [key]: value } },
    spec: { tolerations, nodeSelector, containers: [] },
  };
}
