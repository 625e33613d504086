import { setTimeout as delay } from 'node:timers/promises';
import type { PersistentVolumeClaim } from '../../hooks/core/objects.ts';
import type { Cluster } from '../../hooks/io/cluster.ts';
import { paths } from '../../hooks/io/paths.ts';
import type { Storage } from './scenario.ts';

/**
 * Makes a claim. One with a volume is waited for until the controller has bound it; the volume comes second and names the
 * very claim, for otherwise the controller may take 15 s.
 */
export async function provide(cluster: Cluster, { claim, volume }: Storage): Promise<void> {
  const { name, namespace = '' } = claim.metadata;
  const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
  const { metadata } = await cluster.create<PersistentVolumeClaim>(path, claim);
  if (volume === undefined) return;
  const claimRef = { kind: 'PersistentVolumeClaim', namespace, name, uid: metadata.uid };
  await cluster.create('/api/v1/persistentvolumes', { ...volume, spec: { ...volume.spec, claimRef } });
  await bound(cluster, paths.claim(namespace, name));
}

async function bound(cluster: Cluster, path: string): Promise<void> {
  for (let pause = 20; pause < 30_000; pause *= 1.5) {
    const claim = await cluster.get<PersistentVolumeClaim>(path);
    if (claim?.status?.phase === 'Bound') return;
    await delay(pause);
  }
  throw new Error(`${path} was not bound`);
}
