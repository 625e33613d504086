import type { Agent } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Pod } from '../core/objects.ts';
import { coordinatorThrough, type Api, type Coordinator } from './coordinator.ts';
import { agentThrough } from './port-forward.ts';

/** How the Coordinator's pods are asked during one look. */
export interface Reach {
  coordinatorAt: (url: string, pod: Pod) => Coordinator;
  /** For requests of one's own to the client API of a pod that is at this URL. */
  connectionTo: (url: string, pod: Pod) => Api;
  /** Ends the connections. */
  close(): void;
}

/**
 * Asks each pod through the API server, which is what a laptop can reach; directly where there is no kubeconfig, which is
 * inside a cluster; and at `fixed`, where that is given.
 */
export function reach(config: KubeConfig | undefined, fixed: string | undefined): Reach {
  const agents: Agent[] = [];
  const connectionTo = (url: string, { metadata }: Pod): Api => {
    if (fixed !== undefined) return { url: fixed.replace(/\/$/, ''), agent: undefined };
    if (config === undefined) return { url, agent: undefined };
    const { namespace = '', name: pod } = metadata;
    const agent = agentThrough(config, { namespace, pod, port: Number(new URL(url).port) || 443 });
    agents.push(agent);
    return { url, agent };
  };
  return {
    connectionTo,
    coordinatorAt: (url, pod) => {
      const connection = connectionTo(url, pod);
      return coordinatorThrough(connection.agent, connection.url);
    },
    close: () => {
      for (const agent of agents) agent.destroy();
    },
  };
}
