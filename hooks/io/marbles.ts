import {
  coordinatorAddress,
  marbleLabel,
  meshNamespace,
  startedUnderAnnotation,
  type MarbleWorkload,
} from '../core/marbles.ts';
import type { Deployment, ObjectMeta, OwnerReference } from '../core/objects.ts';
import type { Cluster } from './cluster.ts';
import { paths } from './paths.ts';
import { podsOf } from './pods.ts';

/** Where Marbles are looked for: all namespaces when none is named. */
export interface MarbleScope {
  namespaces: readonly string[];
  /** The Coordinator's namespace; Marbles of another Coordinator are left out. */
  mesh: string;
}

/**
 * The Deployments whose pod template carries the Marble label and that belong to this Coordinator. The Deployment
 * controller copies the template's labels to the ReplicaSets, so the API server finds those by label, as metadata and
 * in pages; the Deployment itself need not carry it.
 */
export async function findMarbles(
  cluster: Cluster,
  { namespaces, mesh }: MarbleScope,
): Promise<MarbleWorkload[]> {
  const scopes = namespaces.length === 0 ? [undefined] : namespaces;
  const sets = await Promise.all(
    scopes.map((namespace) =>
      cluster.list<{ metadata: ObjectMeta }>(
        paths.replicaSets(namespace),
        { labelSelector: marbleLabel },
        true,
      ),
    ),
  );
  const owners = new Set(sets.flat().flatMap(({ metadata }) => ownerPath(metadata)));
  const workloads: MarbleWorkload[] = [];
  for (const path of [...owners].sort()) {
    const deployment = await cluster.get<Deployment>(path);
    if (deployment?.spec.template.metadata?.labels?.[marbleLabel] === undefined) continue;
    const workload = workloadOf(deployment);
    const address = await addressOf(cluster, deployment);
    const its = address === undefined ? mesh : meshNamespace(address, workload.namespace);
    if (its === undefined) workloads.push({ ...workload, strangeAddress: address });
    else if (its === mesh) workloads.push(workload);
  }
  return workloads;
}

/** From the template, or from a pod, which the injector has told it. */
async function addressOf(cluster: Cluster, deployment: Deployment): Promise<string | undefined> {
  const address = coordinatorAddress(deployment.spec.template.spec);
  if (address !== undefined || deployment.spec.replicas === 0) return address;
  const [pod] = await podsOf(cluster, deployment);
  return pod === undefined ? undefined : coordinatorAddress(pod.spec);
}

function ownerPath({ namespace, ownerReferences }: ObjectMeta): string[] {
  const owner = ownerReferences?.find(isDeployment);
  return owner === undefined || namespace === undefined ? [] : [paths.deployment(namespace, owner.name)];
}

function workloadOf({ metadata, spec }: Deployment): MarbleWorkload {
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    type: spec.template.metadata?.labels?.[marbleLabel] ?? '',
    replicas: spec.replicas ?? 1,
    paused: spec.paused === true,
    injected: coordinatorAddress(spec.template.spec) === undefined,
    startedUnder: spec.template.metadata?.annotations?.[startedUnderAnnotation],
  };
}

function isDeployment({ kind, controller }: OwnerReference): boolean {
  return kind === 'Deployment' && controller === true;
}

/**
 * Starts a workload's pods anew by setting the content key on its pod template; an equal key changes nothing, so a
 * repeated call restarts nothing.
 */
export async function restartMarble(
  cluster: Cluster,
  { namespace, name }: Pick<MarbleWorkload, 'namespace' | 'name'>,
  key: string,
): Promise<Deployment> {
  const template = { metadata: { annotations: { [startedUnderAnnotation]: key } } };
  return await cluster.patch<Deployment>(paths.deployment(namespace, name), 'merge', { spec: { template } });
}
