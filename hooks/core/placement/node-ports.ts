import type { Pod, PodSpec } from '../objects.ts';
import type { ContainerPort } from '../pod-rules.ts';
import type { Refusal } from './refusal.ts';

interface HostPort {
  ip: string;
  protocol: string;
  port: number;
}

const anyAddress = '0.0.0.0';

/** NodePorts: a port of the host is free unless a pod on the node has it under the same, or under any, address. */
export function refusedByPorts(pod: PodSpec, podsOnNode: readonly Pod[]): Refusal | undefined {
  const wanted = hostPorts(pod);
  for (const { metadata, spec } of podsOnNode) {
    const taken = hostPorts(spec).find((theirs) => wanted.some((ours) => conflict(ours, theirs)));
    if (taken !== undefined) {
      return {
        filter: 'NodePorts',
        reason: "node(s) didn't have free ports for the requested pod ports",
        detail: `pod/${metadata.name} has ${taken.protocol} ${taken.port}`,
      };
    }
  }
  return undefined;
}

/**
 * The ports of containers and sidecars; other init containers' are free again by then (scheduler util GetHostPorts). On the
 * host's network each port is one of the host (SetDefaults_Pod).
 */
function hostPorts({ containers, initContainers = [], hostNetwork }: PodSpec): HostPort[] {
  const lasting = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...lasting, ...containers]
    .flatMap(({ ports = [] }) => ports)
    .map((port) => ({
      ip: textOr(port.hostIP, anyAddress),
      protocol: textOr(port.protocol, 'TCP'),
      port: hostPort(port, hostNetwork === true),
    }))
    .filter(({ port }) => port > 0);
}

function hostPort({ hostPort: port = 0, containerPort = 0 }: ContainerPort, onHost: boolean): number {
  return port === 0 && onHost ? containerPort : port;
}

function textOr(text: string | undefined, otherwise: string): string {
  return text === undefined || text === '' ? otherwise : text;
}

function conflict(a: HostPort, b: HostPort): boolean {
  const sameAddress = a.ip === b.ip || a.ip === anyAddress || b.ip === anyAddress;
  return a.port === b.port && a.protocol === b.protocol && sameAddress;
}
