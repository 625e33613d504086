import type { Condition, ObjectMeta } from '../../hooks/core/objects.ts';
import { until } from '../lab/progress.ts';
import type { Release } from './release.ts';

interface DatedPod {
  metadata: ObjectMeta;
  status: { conditions: (Condition & { lastTransitionTime: string })[] };
}

/** Since when the pod of each Marble is ready, in milliseconds since the epoch; the API server tells whole seconds. */
export async function readySince(release: Release): Promise<Record<string, number>> {
  const where = ['-n', release.namespace, '-l', 'marblerun/marbletype'];
  const { items } = await release.lab.get<{ items: DatedPod[] }>('pods', ...where);
  const pods = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return Object.fromEntries(
    pods.map(({ metadata, status }) => {
      const ready = status.conditions.find((condition) => condition.type === 'Ready');
      return [metadata.labels?.app ?? '', Date.parse(ready?.lastTransitionTime ?? '')];
    }),
  );
}

/** A PodDisruptionBudget for a Marble of one pod that has nothing to spare. */
export function budget(release: Release, name: string): object {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: release.namespace },
    spec: { minAvailable: 1, selector: { matchLabels: { app: name } } },
  };
}

/** Lets a budget spare so many of its one pod: 0 or 1. Its controller has noticed when this resolves. */
export async function spare(release: Release, name: string, pods: 0 | 1): Promise<void> {
  const patch = JSON.stringify({ spec: { minAvailable: 1 - pods } });
  await release.kubectl('patch', 'poddisruptionbudget', name, '--type=merge', '--patch', patch);
  const where = ['poddisruptionbudget', name, '-n', release.namespace];
  const allowed = async (): Promise<boolean> => {
    const { status } = await release.lab.get<{ status?: { disruptionsAllowed?: number } }>(...where);
    return status?.disruptionsAllowed === pods;
  };
  await until(allowed, 20, () => Promise.resolve(new Error(`the budget ${name} does not allow ${pods}`)));
}
