import { execa } from 'execa';
import { addresses } from './addresses.ts';
import { entering, type Place } from './component.ts';

/** Gives the lab's network namespace the addresses of its host and nodes. Pods get theirs from CNI. */
export async function makeNetwork(place: Place): Promise<void> {
  const { host, nodes, services } = addresses;
  const script = [
    'set -e',
    'ip link add lab0 type bridge',
    ...[host, ...Object.values(nodes)].map((address) => `ip address add ${address}/24 dev lab0`),
    'ip link set lab0 up',
    'echo 1 > /proc/sys/net/ipv4/ip_forward',
    // Without a route a process on the host gets "network unreachable" before kube-proxy's rules can act.
    `ip route add ${services} dev lab0`,
  ].join('\n');
  await execa('nsenter', [...entering(place), 'sh', '-c', script]);
}
