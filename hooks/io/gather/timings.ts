import { known, valueOf } from '../../core/known.ts';
import { marbleLabel, workloadKey, type MarbleWorkload } from '../../core/marbles/workload.ts';
import type { Pod } from '../../core/objects.ts';
import { selects } from '../../core/placement/label-selector.ts';
import type { Timings } from '../../core/plan/estimate.ts';
import type { Cluster } from '../cluster.ts';
import { paths, scopesOf } from '../paths.ts';
import { gatherReport } from './report.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** What times are taken from. */
export interface TimedThings {
  namespace: string;
  coordinator: Pod | undefined;
  /** The Marbles that will restart, and the namespaces that they are looked for in. */
  marbles: readonly MarbleWorkload[];
  namespaces: readonly string[];
}

interface DatedPod extends Pod {
  metadata: Pod['metadata'] & { creationTimestamp?: string };
}

/** A pod that was ready later than that was not just starting: its readiness has come and gone since. */
const longestStartSeconds = 900;

/** How long pods and rolls took before; what may not be read is not known. No request where no Marble restarts. */
export async function gatherTimings(
  cluster: Cluster,
  things: TimedThings,
): Promise<Pick<Timings, 'coordinator' | 'marbles' | 'rolls'>> {
  const { coordinator, marbles, namespace } = things;
  const none = new Map<string, number>();
  const [pods, rolls] =
    marbles.length === 0
      ? [known(none), none]
      : await Promise.all([
          unlessForbidden(async () => known(await marbleSeconds(cluster, things))),
          rollSeconds(cluster, namespace),
        ]);
  return {
    coordinator: coordinator === undefined ? undefined : readySeconds(coordinator),
    marbles: valueOf(pods) ?? none,
    rolls,
  };
}

/** What the last report of a rollout tells. */
async function rollSeconds(cluster: Cluster, namespace: string): Promise<Map<string, number>> {
  const workloads = valueOf(await gatherReport(cluster, namespace))?.workloads ?? [];
  return new Map(
    workloads.flatMap((workload) => {
      const { outcome, seconds } = workload;
      return outcome === 'restarted' && seconds !== undefined
        ? [[workloadKey(workload), seconds] as const]
        : [];
    }),
  );
}

/** Of each workload the slowest of its pods. */
async function marbleSeconds(
  cluster: Cluster,
  { marbles, namespaces }: TimedThings,
): Promise<Map<string, number>> {
  const slowest = new Map<string, number>();
  for (const namespace of scopesOf(namespaces)) {
    const query = { labelSelector: marbleLabel, limit: 100 };
    for (const pod of await cluster.list<Pod>(paths.pods(namespace), query)) {
      const owner = marbles.find((workload) => isOf(pod, workload));
      const seconds = readySeconds(pod);
      if (owner === undefined || seconds === undefined) continue;
      const key = workloadKey(owner);
      slowest.set(key, Math.max(seconds, slowest.get(key) ?? 0));
    }
  }
  return slowest;
}

function isOf({ metadata }: Pod, { namespace, podLabels }: MarbleWorkload): boolean {
  return metadata.namespace === namespace && selects({ matchLabels: podLabels }, metadata.labels);
}

/** From the making of a pod until it was ready; undefined where its containers have started more than once. */
function readySeconds(pod: DatedPod): number | undefined {
  const { conditions = [], containerStatuses = [] } = pod.status ?? {};
  if (containerStatuses.some(({ restartCount }) => restartCount > 0)) return undefined;
  const ready = conditions.find(({ type, status }) => type === 'Ready' && status === 'True');
  const since = (ready as { lastTransitionTime?: string } | undefined)?.lastTransitionTime;
  const seconds = secondsBetween(pod.metadata.creationTimestamp, since);
  return seconds !== undefined && seconds <= longestStartSeconds ? seconds : undefined;
}

/** Between two times as the API server writes them; undefined where one is missing. */
export function secondsBetween(from: string | undefined, to: string | undefined): number | undefined {
  const seconds = (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
