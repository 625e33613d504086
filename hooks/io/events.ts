import { createHash } from 'node:crypto';
import type { Cluster } from './cluster.ts';
import { paths } from './paths.ts';

/** Longest message of an Event (Kubernetes core/v1 validation). */
export const eventMessageLimit = 1024;

/** What an Event says about the Coordinator's Deployment. */
export interface EventText {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}

/**
 * Writes an Event on the Coordinator's Deployment, so that `kubectl describe` and every alerting tool see it. With an
 * `occasion` its name follows from that: a second one is a ClusterError of kind `conflict`.
 */
export async function writeEvent(
  cluster: Cluster,
  about: { namespace: string; name: string; uid: string | undefined; occasion?: string },
  text: EventText,
  now: Date,
): Promise<void> {
  const { namespace, name, uid, occasion } = about;
  const time = now.toISOString();
  await cluster.create(paths.events(namespace), {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { ...nameOf(name, occasion), namespace },
    involvedObject: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace,
      name,
      ...(uid === undefined ? {} : { uid }),
    },
    source: { component: 'marblerun-hooks' },
    reportingComponent: 'marblerun-hooks',
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
    ...text,
  });
}

function nameOf(name: string, occasion: string | undefined): { name: string } | { generateName: string } {
  if (occasion === undefined) return { generateName: `${name}.` };
  return { name: `${name}.${createHash('sha256').update(occasion).digest('hex').slice(0, 16)}` };
}
