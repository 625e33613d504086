import { recordKey, recordName, type RolloutRecord } from '../../hooks/core/record.ts';
import { startedUnderAnnotation } from '../../hooks/core/marbles/workload.ts';
import type { ConfigMap, ObjectMeta, Pod } from '../../hooks/core/objects.ts';
import type { Cluster } from '../../hooks/io/cluster.ts';
import { paths } from '../../hooks/io/paths.ts';
import type { PodLedger, SeenPod } from './ledger.ts';
import type { Mesh } from './mesh.ts';
import { resourceOf, type Workload } from './workloads.ts';

/** One workload, as the API server has it. */
export interface WorkloadState {
  readonly generation: number;
  /** What it was last restarted for. */
  readonly startedUnder: string | undefined;
  /** Whether all its pods, and no others, are of its newest template and available. */
  readonly settled: boolean;
  /** All pods that it ever had, gone ones too. */
  readonly pods: readonly SeenPod[];
}

/** A mesh at one moment: its workloads by `namespace/name`, and the record without its times. */
export interface Snapshot {
  readonly workloads: ReadonlyMap<string, WorkloadState>;
  readonly record: Readonly<Record<string, unknown>> | undefined;
}

/** The name under which a snapshot has a workload. */
export function keyOf({ namespace, name }: Workload): string {
  return `${namespace}/${name}`;
}

/** Takes a snapshot; the ledger learns of pods whose news are still on their way. */
export async function snapshot(cluster: Cluster, ledger: PodLedger, mesh: Mesh): Promise<Snapshot> {
  const namespaces = [...new Set(mesh.workloads.map(({ namespace }) => namespace))];
  for (const namespace of namespaces) {
    const pods = await cluster.list<Pod>(paths.pods(namespace), { labelSelector: 'marblerun/marbletype' });
    pods.forEach((pod) => {
      ledger.take(pod);
    });
  }
  const seen = ledger.pods(namespaces);
  const workloads = new Map<string, WorkloadState>();
  for (const workload of mesh.workloads) {
    const { kind, namespace, name } = workload;
    const path = `/apis/apps/v1/namespaces/${namespace}/${resourceOf[kind]}/${name}`;
    const object = await cluster.get<AppsObject>(path);
    if (object === undefined) throw new Error(`${path} is gone`);
    const pods = seen.filter((pod) => pod.namespace === namespace && pod.workload === name);
    workloads.set(keyOf(workload), {
      generation: object.metadata.generation ?? 0,
      startedUnder: object.spec.template.metadata.annotations?.[startedUnderAnnotation],
      settled: isSettled(object, workload.pods),
      pods,
    });
  }
  return { workloads, record: await recordOf(cluster, mesh.namespace) };
}

/** A Deployment, StatefulSet or DaemonSet, as far as it is looked at. */
interface AppsObject {
  metadata: ObjectMeta;
  spec: { template: { metadata: { annotations?: Record<string, string> } } };
  status?: Readonly<Record<string, number | undefined>>;
}

function isSettled({ metadata, status = {} }: AppsObject, pods: number): boolean {
  const updated = status.updatedReplicas ?? status.updatedNumberScheduled;
  const available = status.availableReplicas ?? status.numberAvailable;
  const all = status.replicas ?? status.desiredNumberScheduled;
  return (
    status.observedGeneration === metadata.generation && [updated, available, all].every((n) => n === pods)
  );
}

async function recordOf(cluster: Cluster, namespace: string): Promise<Snapshot['record']> {
  const configMap = await cluster.get<ConfigMap>(paths.configMap(namespace, recordName));
  const text = configMap?.data?.[recordKey];
  if (text === undefined) return undefined;
  const record = JSON.parse(text) as RolloutRecord;
  return { ...record, time: undefined, completed: record.completed !== undefined };
}

/** The revision that Helm gives to the next upgrade of what a snapshot shows. */
export function nextRevision({ record }: Snapshot): number {
  return Number(record?.revision ?? 0) + 1;
}
