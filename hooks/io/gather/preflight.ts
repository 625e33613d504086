import { nodeName, type PreflightFacts } from '../../core/facts.ts';
import { valueOf } from '../../core/known.ts';
import { recordedValues } from '../../core/lost/recorded.ts';
import type { Deployment, Pod } from '../../core/objects.ts';
import type { Settings } from '../../core/settings.ts';
import { hasEnded } from '../../core/placement/scene.ts';
import { paths } from '../paths.ts';
import { podsOf } from '../pods.ts';
import { gatherBackup } from './backup.ts';
import { askCoordinator } from './coordinator.ts';
import { fieldConflicts } from './field-conflicts.ts';
import { gatherInjector, gatherMarbles } from './marbles.ts';
import { gatherNode } from './node.ts';
import { gatherOtherNodes } from './other-nodes.ts';
import { gatherRecord } from './record.ts';
import { gatherMissingRights } from './rights.ts';
import { gatherReleaseObjects } from './release-objects.ts';
import type { Sources } from './sources.ts';
import { gatherStorage } from './storage.ts';
import { gatherValueProblems } from './values.ts';

/**
 * Reads everything preflight decides on. The number of requests does not depend on the size of the cluster. A right
 * that is missing makes a fact unknown; an API server that cannot be reached is a ClusterError.
 */
export async function gatherPreflight(
  sources: Sources,
  settings: Settings,
  target: Deployment,
  pin?: Pod,
): Promise<PreflightFacts> {
  const { cluster } = sources;
  const { namespace } = settings.release;
  const live = await cluster.get<Deployment>(paths.deployment(namespace, settings.coordinator.deployment));
  const record = await gatherRecord(cluster, namespace);
  const pods = live === undefined ? [] : await podsOf(cluster, live);
  const { key, value } = settings.placement.groupLabel;
  const labelled = await cluster.list<Pod>(paths.pods(namespace), { labelSelector: `${key}=${value}` });
  const group = labelled.filter((pod) => !hasEnded(pod));
  const node = nodeName({ pods, record });
  const marbles = live === undefined ? undefined : await gatherMarbles(cluster, settings);
  const some = valueOf(marbles)?.length !== 0;
  const facts: PreflightFacts = {
    settings,
    target,
    live,
    pods,
    group,
    coordinator: await askCoordinator(sources, pods, settings),
    node:
      node === undefined || live === undefined
        ? undefined
        : await gatherNode(cluster, node, { settings, target, live, pods, group }),
    record,
    marbles,
    injector: marbles !== undefined && some ? await gatherInjector(cluster, namespace) : undefined,
    missingRights: await gatherMissingRights(cluster, settings),
    objects:
      live === undefined || recordedValues(record) !== undefined
        ? undefined
        : await gatherReleaseObjects(cluster, namespace),
    conflicts: await fieldConflicts(cluster, live, target, namespace),
    ...(pin === undefined ? {} : { pin }),
    backup: await gatherBackup(cluster, settings, live, pods),
    valueProblems: await gatherValueProblems(settings.values),
    storage: await gatherStorage(cluster, namespace, live, target),
  };
  const otherNodes = await gatherOtherNodes(cluster, facts);
  return otherNodes === undefined ? facts : { ...facts, otherNodes };
}
