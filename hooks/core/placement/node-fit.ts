import type { Pod, PodSpec } from '../objects.ts';
import { leftOutByName, refusedByNodeAffinity } from './node-affinity.ts';
import { refusedByNodeName } from './node-name.ts';
import { refusedByPorts } from './node-ports.ts';
import { refusedByPodAffinity } from './pod-affinity.ts';
import { decisive, type Outcome } from './refusal.ts';
import { refusedByResources } from './resources.ts';
import { sceneOf, type NodeFacts, type Scene } from './scene.ts';
import { refusedByTaints } from './taints.ts';
import { refusedBySpread } from './topology-spread.ts';
import { refusedByCordon } from './unschedulable.ts';
import { refusedByBinding, refusedByClaims, refusedByPodsClaims, refusedByZone } from './volumes.ts';

type Filter = (pod: Pod, scene: Scene) => Outcome;

/**
 * The filters of kube-scheduler 1.34 in its order (apis/config/v1/default_plugins.go). NodeVolumeLimits is not among
 * them: a pod that mounts what the pod before it mounted takes no further place.
 */
const filters: readonly Filter[] = [
  (_, scene) => refusedByClaims(scene),
  ({ spec }, { node }) => leftOutByName(node, spec),
  ({ spec }, { node }) => refusedByCordon(node, spec.tolerations ?? []),
  ({ spec }, { node }) => refusedByNodeName(node, spec),
  ({ spec }, { node }) => refusedByTaints(node, spec.tolerations ?? []),
  ({ spec }, { node }) => refusedByNodeAffinity(node, spec),
  ({ spec }, { pods }) => refusedByPorts(spec, pods),
  ({ spec }, { node, pods }) => refusedByResources(node, spec, pods),
  refusedByPodsClaims,
  (_, scene) => refusedByBinding(scene),
  (_, scene) => refusedByZone(scene),
  refusedBySpread,
  refusedByPodAffinity,
];

/**
 * Whether a node takes a pod: undefined when it does, else the first filter that refuses, or what is in doubt. `gone` are
 * the ids of pods whose share is free by then: with `Recreate` the old pod goes first.
 */
export function nodeRefusal(pod: Pod, facts: NodeFacts, gone: ReadonlySet<string>): Outcome {
  const scene = sceneOf(facts, gone);
  return decisive(outcomes(pod, scene));
}

function* outcomes(pod: Pod, scene: Scene): Generator<Outcome> {
  for (const filter of filters) yield filter(pod, scene);
}

/** What of a pod's scheduling these filters cannot judge; undefined when they can. */
export function beyondKnowledge(pod: PodSpec): string | undefined {
  if (pod.schedulerName !== undefined && pod.schedulerName !== 'default-scheduler') {
    return `another scheduler places the pod (schedulerName: ${pod.schedulerName})`;
  }
  if ((pod.schedulingGates ?? []).length > 0) return 'the pod has scheduling gates';
  if ((pod.resourceClaims ?? []).length > 0) return 'the pod asks for devices by resource claims';
  const own = pod.volumes?.find(({ ephemeral }) => ephemeral !== undefined);
  if (own !== undefined) return `the pod gets a claim of its own for its volume ${own.name}`;
  const disk = pod.volumes?.find(
    ({ gcePersistentDisk, awsElasticBlockStore, iscsi, rbd }) =>
      (gcePersistentDisk ?? awsElasticBlockStore ?? iscsi ?? rbd) !== undefined,
  );
  return disk === undefined ? undefined : `the pod mounts a disk without a claim (volume ${disk.name})`;
}
