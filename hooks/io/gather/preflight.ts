import { rollJobName, type Job } from '../../core/detach.ts';
import { nodeName, oldNodeNames, type PreflightFacts } from '../../core/facts.ts';
import { known, type Known } from '../../core/known.ts';
import { recordedValues } from '../../core/lost/recorded.ts';
import type { Deployment, Pod, RuntimeClass } from '../../core/objects.ts';
import type { Actor } from '../../core/rights.ts';
import type { Settings } from '../../core/settings.ts';
import { hasEnded, type NodeFacts } from '../../core/placement/scene.ts';
import { isSeveral } from '../../core/several.ts';
import type { Cluster } from '../cluster.ts';
import { findMarbles } from '../marbles.ts';
import { paths } from '../paths.ts';
import { podsOf } from '../pods.ts';
import type { HookFiles } from '../settings.ts';
import { gatherBackup } from './backup.ts';
import { askCoordinator } from './coordinator.ts';
import { fieldConflicts } from './field-conflicts.ts';
import { gatherInjector } from './injector.ts';
import { gatherNode } from './node.ts';
import { gatherOtherNodes } from './other-nodes.ts';
import { readOnce } from './read-once.ts';
import { gatherRecord } from './record.ts';
import { gatherMissingRights } from './rights.ts';
import { gatherReleaseObjects } from './release-objects.ts';
import type { Sources } from './sources.ts';
import { gatherStorage } from './storage.ts';
import { unlessForbidden } from './unless-forbidden.ts';
import { gatherValueProblems } from './values.ts';

/**
 * Reads everything preflight decides on, at the same time what does not depend on each other. The number of requests does
 * not depend on the size of the cluster. A right that is missing makes a fact unknown; an API server that cannot be
 * reached is a ClusterError.
 */
export async function gatherPreflight(
  sources: Sources,
  { settings, deployment: target, pin }: Pick<HookFiles, 'settings' | 'deployment' | 'pin'>,
  actor: Actor = 'self',
): Promise<PreflightFacts> {
  const cluster = readOnce(sources.cluster);
  const { namespace } = settings.release;
  const live = await cluster.get<Deployment>(paths.deployment(namespace, settings.coordinator.deployment));
  const [found, record, group, missingRights] = await Promise.all([
    live === undefined ? [] : podsOf(cluster, live),
    gatherRecord(cluster, namespace),
    gatherGroup(cluster, settings),
    gatherMissingRights(cluster, settings, actor),
  ]);
  const pods = besideOthers(found, group);
  const node = live === undefined ? undefined : nodeName({ pods, record });
  const [coordinator, onNode, mesh, objects, storage, backup, conflicts, valueProblems, roll, runtimeClass] =
    await Promise.all([
      askCoordinator(sources, pods, settings),
      node === undefined || live === undefined
        ? undefined
        : gatherNode(cluster, node, { settings, target, live, pods, group }),
      gatherMesh(cluster, settings, live),
      live === undefined || recordedValues(record) !== undefined
        ? undefined
        : gatherReleaseObjects(cluster, namespace),
      gatherStorage(cluster, namespace, live, target),
      gatherBackup(cluster, settings, live, pods),
      fieldConflicts(cluster, live, target, namespace),
      gatherValueProblems(settings.values),
      gatherRoll(cluster, settings),
      gatherRuntimeClass(cluster, target),
    ]);
  const facts: PreflightFacts = {
    settings,
    target,
    live,
    pods,
    group,
    coordinator,
    node: onNode,
    record,
    ...mesh,
    missingRights,
    objects,
    valueProblems,
    storage,
    backup,
    conflicts,
    roll,
    runtimeClass,
    pin,
  };
  const oldNodes = await gatherOldNodes(cluster, facts);
  const complete = oldNodes === undefined ? facts : { ...facts, oldNodes };
  const otherNodes = await gatherOtherNodes(cluster, complete);
  return otherNodes === undefined ? complete : { ...complete, otherNodes };
}

/** The pods beside an anchor or a pin first: of several Coordinators the one that is left joins it. */
function besideOthers(pods: readonly Pod[], group: readonly Pod[]): Pod[] {
  const own = new Set(pods.map(({ metadata }) => metadata.name));
  const held = group.filter(({ metadata }) => !own.has(metadata.name)).map(({ spec }) => spec.nodeName);
  const away = ({ spec }: Pod) => (spec.nodeName !== undefined && held.includes(spec.nodeName) ? 0 : 1);
  return pods.toSorted((a, b) => away(a) - away(b));
}

/** The nodes that ran a Coordinator before, where several are to run. */
async function gatherOldNodes(
  cluster: Cluster,
  { settings, target, live, pods, group, record }: PreflightFacts,
): Promise<Known<NodeFacts>[] | undefined> {
  if (live === undefined || !isSeveral(target)) return undefined;
  const placing = { settings, target, live, pods, group };
  const names = oldNodeNames({ pods, record });
  return await Promise.all(names.map(async (name) => await gatherNode(cluster, name, placing)));
}

/** The pods of the placement group, those on their way out included. */
async function gatherGroup(cluster: Cluster, { placement, release }: Settings): Promise<Pod[]> {
  const { key, value } = placement.groupLabel;
  const query = { labelSelector: `${key}=${value}` };
  const labelled = await cluster.list<Pod>(paths.pods(release.namespace), query);
  return labelled.filter((pod) => !hasEnded(pod));
}

/** The Job that may roll Marbles; looked for only where one is made. */
async function gatherRoll(
  cluster: Cluster,
  { release, rollout }: Settings,
): Promise<Known<Job | undefined> | undefined> {
  if (!rollout.detach) return undefined;
  const path = paths.job(release.namespace, rollJobName);
  return await unlessForbidden(async () => known(await cluster.get<Job>(path)));
}

/** The RuntimeClass that the pod to come names. */
async function gatherRuntimeClass(
  cluster: Cluster,
  { spec }: Deployment,
): Promise<Known<RuntimeClass | undefined> | undefined> {
  const name = spec.template.spec.runtimeClassName ?? '';
  if (name === '') return undefined;
  return await unlessForbidden(async () => known(await cluster.get<RuntimeClass>(paths.runtimeClass(name))));
}

/** The Marbles and, where there are some, their injector. */
async function gatherMesh(
  cluster: Cluster,
  settings: Settings,
  live: Deployment | undefined,
): Promise<Pick<PreflightFacts, 'marbles' | 'injector'>> {
  if (live === undefined) return { marbles: undefined, injector: undefined };
  const { namespace } = settings.release;
  const marbles = await findMarbles(cluster, { namespaces: settings.rollout.namespaces, mesh: namespace });
  const none = marbles.workloads.length === 0 && marbles.unknown.length === 0;
  return { marbles, injector: none ? undefined : await gatherInjector(cluster, namespace) };
}
