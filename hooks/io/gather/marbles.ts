import type { InjectorFacts } from '../../core/facts.ts';
import { known, type Known } from '../../core/known.ts';
import {
  coordinatorAddress,
  marbleLabel,
  meshNamespace,
  startedUnderAnnotation,
  type MarbleWorkload,
} from '../../core/marbles.ts';
import type { Deployment, ReplicaSet } from '../../core/objects.ts';
import type { Settings } from '../../core/settings.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { unlessForbidden } from './unless-forbidden.ts';

const injectorName = 'marble-injector';
/** Set by the Deployment controller; the newest ReplicaSet has the highest. */
const revisionAnnotation = 'deployment.kubernetes.io/revision';

/**
 * The Marbles that run, by the ReplicaSets of their Deployments: one list, whatever their number. What is scaled to zero
 * or paused is told apart by the rollout only.
 */
export async function gatherMarbles(
  cluster: Cluster,
  { rollout, release }: Settings,
): Promise<Known<MarbleWorkload[]>> {
  const scopes = rollout.namespaces.length === 0 ? [undefined] : rollout.namespaces;
  const query = { labelSelector: marbleLabel };
  return await unlessForbidden(async () => {
    const lists = scopes.map((namespace) => cluster.list<ReplicaSet>(paths.replicaSets(namespace), query));
    const running = (await Promise.all(lists)).flat().filter(({ status }) => (status?.replicas ?? 0) > 0);
    const newestFirst = running.sort((a, b) => revision(b) - revision(a));
    const workloads = new Map<string, MarbleWorkload>();
    for (const set of newestFirst) {
      const workload = workloadOf(set, release.namespace);
      if (workload === undefined) continue;
      const id = `${workload.namespace}/${workload.name}`;
      const newer = workloads.get(id);
      if (newer === undefined) workloads.set(id, workload);
      else newer.replicas += workload.replicas;
    }
    return known([...workloads.values()].sort((a, b) => compare(a, b)));
  });
}

function revision({ metadata }: ReplicaSet): number {
  return Number(metadata.annotations?.[revisionAnnotation] ?? 0);
}

function compare(a: MarbleWorkload, b: MarbleWorkload): number {
  return a.namespace.localeCompare(b.namespace) || a.name.localeCompare(b.name);
}

function workloadOf({ metadata, spec, status }: ReplicaSet, mesh: string): MarbleWorkload | undefined {
  const owner = metadata.ownerReferences?.find(({ kind, controller }) => kind === 'Deployment' && controller);
  const { namespace } = metadata;
  if (owner === undefined || namespace === undefined) return undefined;
  const address = coordinatorAddress(spec.template.spec);
  const its = address === undefined ? mesh : meshNamespace(address, namespace);
  if (its !== undefined && its !== mesh) return undefined;
  return {
    namespace,
    name: owner.name,
    type: spec.template.metadata?.labels?.[marbleLabel] ?? '',
    replicas: status?.replicas ?? 0,
    paused: false,
    injected: address === undefined,
    startedUnder: spec.template.metadata?.annotations?.[startedUnderAnnotation],
    strangeAddress: its === undefined ? address : undefined,
  };
}

interface Webhooks {
  webhooks?: { failurePolicy?: string }[];
}

/** Whether new Marble pods go through an injector, and whether it can answer. Names as in upstream's chart from 1.1 on. */
export async function gatherInjector(cluster: Cluster, namespace: string): Promise<Known<InjectorFacts>> {
  return await unlessForbidden(async () => {
    const [webhook, deployment] = await Promise.all([
      cluster.get<Webhooks>(paths.webhook(`${injectorName}-${namespace}`)),
      cluster.get<Deployment>(paths.deployment(namespace, injectorName)),
    ]);
    const available = deployment?.status?.availableReplicas ?? 0;
    const insists = webhook?.webhooks?.some(({ failurePolicy }) => failurePolicy !== 'Ignore') === true;
    return known({ webhook: insists, available });
  });
}
