import type { Lab } from './handle.ts';
import { until } from './progress.ts';

interface Node {
  status: { allocatable: Record<string, string> };
}

/**
 * Makes a node advertise extended resources, as a device plugin would, and waits until pods can ask for them. A
 * restarted kubelet forgets them.
 */
export async function advertise(
  lab: Lab,
  node: string,
  resources: Readonly<Record<string, string>>,
): Promise<void> {
  const patch = JSON.stringify({ status: { capacity: resources } });
  await lab.kubectl('patch', 'node', node, '--subresource=status', '--type=merge', '--patch', patch);
  const taken = async (): Promise<boolean> => {
    const { status } = await lab.get<Node>('node', node);
    return Object.keys(resources).every((name) => name in status.allocatable);
  };
  await until(taken, 30, () => Promise.resolve(new Error(`${node} did not take ${patch}`)));
}
