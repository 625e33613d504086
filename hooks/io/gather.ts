import { nodeName, type PreflightFacts } from '../core/facts.ts';
import { known, unknown, type Known } from '../core/known.ts';
import type {
  ConfigMap,
  Deployment,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
} from '../core/objects.ts';
import { appliedByHelm, helmManager, type FieldConflict } from '../core/ownership.ts';
import type { NodeFacts } from '../core/placement/node-fit.ts';
import { readRecord, recordKey, recordName, type RolloutRecord } from '../core/record.ts';
import type { Settings } from '../core/settings.ts';
import type { CoordinatorFacts } from '../core/states.ts';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './cluster-error.ts';
import type { Coordinator } from './coordinator.ts';
import { paths } from './paths.ts';
import { isPresent, podsOf } from './pods.ts';

/** What gathering needs from outside. */
export interface Sources {
  cluster: Cluster;
  /** Connects to the Coordinator at a URL. */
  coordinatorAt: (url: string) => Coordinator;
  signal: AbortSignal;
}

/**
 * Reads everything preflight decides on. The number of requests does not depend on the size of the cluster. A right
 * that is missing makes a fact unknown; an API server that cannot be reached is a ClusterError.
 */
export async function gatherPreflight(
  sources: Sources,
  settings: Settings,
  target: Deployment,
): Promise<PreflightFacts> {
  const { cluster } = sources;
  const { namespace } = settings.release;
  const live = await cluster.get<Deployment>(paths.deployment(namespace, settings.coordinator.deployment));
  const record = await gatherRecord(cluster, namespace);
  const pods = live === undefined ? [] : await podsOf(cluster, live);
  const { key, value } = settings.placement.groupLabel;
  const group = await cluster.list<Pod>(paths.pods(namespace), { labelSelector: `${key}=${value}` });
  const node = nodeName({ pods, record });
  return {
    settings,
    target,
    live,
    pods,
    group: group.filter(isPresent),
    coordinator: await askCoordinator(sources, pods, settings),
    node: node === undefined ? undefined : await gatherNode(cluster, namespace, node, settings),
    record,
    conflicts: await fieldConflicts(cluster, live, target, namespace),
  };
}

/** The client API of a pod, by its IP: this very pod is asked, whatever Services say. */
export function clientUrl(pod: Pod, clientPort: number): string | undefined {
  const ip = pod.status?.podIP;
  if (ip === undefined || ip === '') return undefined;
  return `https://${ip.includes(':') ? `[${ip}]` : ip}:${clientPort}`;
}

/** The record, or why it cannot be read. */
export async function gatherRecord(
  cluster: Cluster,
  namespace: string,
): Promise<Known<RolloutRecord | undefined>> {
  return await unlessForbidden(async () => {
    const configMap = await cluster.get<ConfigMap>(paths.configMap(namespace, recordName));
    return readRecord(configMap?.data?.[recordKey]);
  });
}

async function askCoordinator(
  { coordinatorAt, signal }: Sources,
  pods: readonly Pod[],
  settings: Settings,
): Promise<Known<CoordinatorFacts> | undefined> {
  const [pod] = pods;
  if (pod === undefined) return undefined;
  const url = clientUrl(pod, settings.coordinator.clientPort);
  if (url === undefined) return unknown(`pod/${pod.metadata.name} has no address yet`);
  try {
    return known(await coordinatorAt(url).facts(signal));
  } catch (error) {
    return unknown(`pod/${pod.metadata.name} at ${url} does not answer: ${(error as Error).message}`);
  }
}

async function gatherNode(
  cluster: Cluster,
  namespace: string,
  name: string,
  settings: Settings,
): Promise<Known<NodeFacts>> {
  return await unlessForbidden(async () => {
    const node = await cluster.get<Node>(paths.node(name));
    if (node === undefined) return unknown(`node ${name} is gone`);
    const pods = await cluster.list<Pod>(paths.pods(), { fieldSelector: `spec.nodeName=${name}` });
    const volume = await boundVolume(cluster, namespace, settings.coordinator.persistentVolumeClaim);
    return known({ node, pods, volume });
  });
}

async function boundVolume(
  cluster: Cluster,
  namespace: string,
  claimName: string,
): Promise<PersistentVolume | undefined> {
  if (claimName === '') return undefined;
  const claim = await cluster.get<PersistentVolumeClaim>(paths.claim(namespace, claimName));
  const volumeName = claim?.spec.volumeName;
  return volumeName === undefined ? undefined : await cluster.get(paths.volume(volumeName));
}

/**
 * Asks the API server itself, by a dry run as Helm's field manager. The strategy is left out: switching it is done
 * apart, and the dry run would be refused for it.
 */
async function fieldConflicts(
  cluster: Cluster,
  live: Deployment | undefined,
  target: Deployment,
  namespace: string,
): Promise<Known<FieldConflict[]>> {
  if (live === undefined || !appliedByHelm(live.metadata.managedFields ?? [])) return known([]);
  const spec = { ...target.spec };
  delete spec.strategy;
  const { name, labels, annotations } = target.metadata;
  const path = paths.deployment(namespace, name);
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels, annotations }, spec };
  try {
    await cluster.patch(path, 'apply', object, { fieldManager: helmManager, dryRun: 'All' });
    return known([]);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    if (error.kind !== 'conflict') return unknown(error.message);
    return known(error.causes.flatMap(({ message, field }) => conflictOf(message ?? '', field ?? '')));
  }
}

/** The API server words a conflict as `conflict with "MANAGER" using apps/v1`, with or without more behind it. */
function conflictOf(message: string, field: string): FieldConflict[] {
  const manager = /conflict with "([^"]+)"/.exec(message)?.[1];
  return manager === undefined ? [] : [{ manager, field }];
}

async function unlessForbidden<T>(read: () => Promise<Known<T>>): Promise<Known<T>> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ClusterError && error.kind === 'forbidden') return unknown(error.message);
    throw error;
  }
}
