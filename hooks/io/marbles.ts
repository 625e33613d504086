import type { FoundMarbles } from '../core/marbles/found.ts';
import { startedUnderAnnotation, type WorkloadName } from '../core/marbles/workload.ts';
import type { WorkloadObject } from '../core/objects/workloads.ts';
import type { Cluster } from './cluster.ts';
import { labelled } from './marbles/labelled.ts';
import { followLeads } from './marbles/leads.ts';
import { unlessRefused } from './marbles/unless-refused.ts';
import { readWorkloads } from './marbles/workloads.ts';
import { paths, scopesOf } from './paths.ts';

/** Where Marbles are looked for: all namespaces when none is named. */
export interface MarbleScope {
  namespaces: readonly string[];
  /** The Coordinator's namespace; Marbles of another Coordinator are left out. */
  mesh: string;
}

/**
 * Everything that carries the Marble label and belongs to this Coordinator: three lists per scope, whatever is found,
 * and the workloads themselves. A right that is missing makes its part unknown.
 */
export async function findMarbles(
  cluster: Cluster,
  { namespaces, mesh }: MarbleScope,
): Promise<FoundMarbles> {
  const unknown = new Set<string>();
  const everywhere = namespaces.length === 0;
  const parts = await Promise.all(
    scopesOf(namespaces).map(async (namespace) => {
      const [replicaSets, revisions, pods] = await Promise.all([
        unlessRefused(labelled.replicaSets(cluster, namespace), unknown),
        unlessRefused(labelled.revisions(cluster, namespace), unknown),
        unlessRefused(labelled.pods(cluster, namespace), unknown),
      ]);
      return followLeads({ replicaSets, revisions, pods }, mesh);
    }),
  );
  const leads = parts.flatMap((part) => part.leads);
  const workloads = await readWorkloads(cluster, leads, { mesh, everywhere, unknown });
  return { workloads, loose: parts.flatMap(({ loose }) => loose), unknown: [...unknown] };
}

/** The merge patch that starts a workload's pods anew: the content key on its pod template, the same for every kind. */
export function restartPatch(key: string): object {
  return { spec: { template: { metadata: { annotations: { [startedUnderAnnotation]: key } } } } };
}

/**
 * Starts a workload's pods anew by setting the content key on its pod template; an equal key changes nothing, so a
 * repeated call restarts nothing.
 */
export async function restartMarble<T extends WorkloadObject>(
  cluster: Cluster,
  workload: WorkloadName,
  key: string,
): Promise<T> {
  return await cluster.patch<T>(paths.workload(workload), 'merge', restartPatch(key));
}
