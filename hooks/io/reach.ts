import type { Agent } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Pod } from '../core/objects.ts';
import { coordinatorAt, coordinatorThrough, type Coordinator } from './coordinator.ts';
import { agentThrough } from './port-forward.ts';

/** How the Coordinator's pods are asked during one look. */
export interface Reach {
  coordinatorAt: (url: string, pod: Pod) => Coordinator;
  /** Ends the connections. */
  close(): void;
}

/**
 * Asks each pod through the API server, which is what a laptop can reach; directly where there is no kubeconfig, which is
 * inside a cluster; and at `fixed`, where that is given.
 */
export function reach(config: KubeConfig | undefined, fixed: string | undefined): Reach {
  const agents: Agent[] = [];
  const through = (url: string, { metadata }: Pod): Agent | undefined => {
    if (config === undefined) return undefined;
    const { namespace = '', name: pod } = metadata;
    const agent = agentThrough(config, { namespace, pod, port: Number(new URL(url).port) || 443 });
    agents.push(agent);
    return agent;
  };
  return {
    coordinatorAt: (url, pod) =>
      fixed === undefined
        ? coordinatorThrough(through(url, pod), url)
        : coordinatorAt(fixed.replace(/\/$/, '')),
    close: () => {
      for (const agent of agents) agent.destroy();
    },
  };
}
