import type { Node } from '../../hooks/core/objects.ts';
import { milliValue } from '../../hooks/core/quantity.ts';
import { pauseImage } from '../lab/images/names.ts';
import type { Release } from './release.ts';

/** The nodes of the lab. */
export const hosts = ['node-a', 'node-b'];

/** Takes most of the free room of a node, as the scheduler counts it, with a pod that does nothing. It goes with the release. */
export async function fill({ lab, namespace }: Release, nodeName: string): Promise<void> {
  const { status } = await lab.get<Node>('node', nodeName);
  const share = (resource: string): string =>
    `${Math.round(0.7 * milliValue(status?.allocatable?.[resource] ?? 0))}m`;
  const requests = { cpu: share('cpu'), memory: share('memory') };
  const container = { name: 'pause', image: pauseImage, imagePullPolicy: 'Never', resources: { requests } };
  await lab.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'filler', namespace },
    spec: { nodeName, containers: [container], terminationGracePeriodSeconds: 0 },
  });
}
