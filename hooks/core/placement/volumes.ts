import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from '../objects.ts';
import { matchesNodeSelector } from './node-selector.ts';
import { decisive, type Outcome, type Refusal } from './refusal.ts';
import type { ClaimFacts, Scene } from './scene.ts';

const selectedNode = 'volume.kubernetes.io/selected-node';
const bindCompleted = 'pv.kubernetes.io/bind-completed';
const noProvisioner = 'kubernetes.io/no-provisioner';

/** Labels that tie a volume to a zone or region, and what they are called today. */
const zoneLabels: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region': 'topology.kubernetes.io/region',
};

/** The names of the claims that a pod mounts, each once. */
export function claimNames({ spec }: Pick<Pod, 'spec'>): string[] {
  const names = (spec.volumes ?? []).map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/**
 * What stands against the pod on any node before the scheduler looks at one: a claim that is missing, lost, about to be
 * deleted, or that is not bound although nothing waits for the pod (PreFilter of VolumeRestrictions, VolumeBinding, VolumeZone).
 */
export function refusedByClaims({ claims }: Pick<Scene, 'claims'>): Outcome {
  const present = claims.filter(({ claim }) => claim !== undefined);
  return decisive([
    ...claims.filter(({ claim }) => claim === undefined).map(missing),
    ...present.map(againstClaim),
    ...present.map(againstVolume),
  ]);
}

function missing({ name, ofChart }: ClaimFacts): Outcome {
  if (ofChart === true) return { doubt: `claim ${name} does not exist yet; Helm is about to make it` };
  return { filter: 'VolumeRestrictions', reason: `persistentvolumeclaim "${name}" not found` };
}

function againstClaim(facts: ClaimFacts): Refusal | undefined {
  const { name, claim } = facts;
  const refusal = (reason: string): Refusal => ({ filter: 'VolumeBinding', reason });
  if (claim?.status?.phase === 'Lost') {
    const volume = claim.spec.volumeName ?? '';
    return refusal(`persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${volume}"`);
  }
  if (claim?.metadata.deletionTimestamp !== undefined) {
    return refusal(`persistentvolumeclaim "${name}" is being deleted`);
  }
  if (isBound(claim) || waitsForPod(facts)) return undefined;
  return refusal('pod has unbound immediate PersistentVolumeClaims');
}

function againstVolume({ claim, volume }: ClaimFacts): Refusal | undefined {
  const name = claim?.spec.volumeName;
  if (name === undefined || volume !== undefined) return undefined;
  return { filter: 'VolumeZone', reason: `persistentvolume "${name}" not found` };
}

function isBound(claim: PersistentVolumeClaim | undefined): boolean {
  return claim?.spec.volumeName !== undefined && claim.metadata.annotations?.[bindCompleted] !== undefined;
}

/** Whether a claim is bound only once a pod that uses it has a node. A claim that names its volume never waits. */
function waitsForPod({ claim, storageClass }: ClaimFacts): boolean {
  return claim?.spec.volumeName === undefined && storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
}

/** VolumeRestrictions: a claim of mode ReadWriteOncePod is for one pod in the whole cluster. */
export function refusedByPodsClaims(pod: Pod, { claims, pods, elsewhere }: Scene): Refusal | undefined {
  const exclusive = claims
    .filter(({ claim }) => claim?.spec.accessModes?.includes('ReadWriteOncePod'))
    .map(({ name }) => name);
  const user = [...pods, ...elsewhere.map((placed) => placed.pod)].find(
    (other) =>
      other.metadata.namespace === pod.metadata.namespace &&
      claimNames(other).some((name) => exclusive.includes(name)),
  );
  if (user === undefined) return undefined;
  return {
    filter: 'VolumeRestrictions',
    reason:
      'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
    detail: `pod/${user.metadata.name}`,
  };
}

/** VolumeBinding: a bound volume must be usable on the node; a claim that waits for the pod must find one there. */
export function refusedByBinding({ node, claims }: Scene): Outcome {
  const present = claims.filter(({ claim }) => claim !== undefined);
  return decisive(present.map((facts) => (isBound(facts.claim) ? bound(node, facts) : waiting(node, facts))));
}

function bound(node: Node, { volume }: ClaimFacts): Refusal | undefined {
  const required = volume?.spec.nodeAffinity?.required;
  if (required === undefined || matchesNodeSelector(node, required, true)) return undefined;
  return {
    filter: 'VolumeBinding',
    reason: "node(s) didn't match PersistentVolume's node affinity",
    detail: `persistentvolume/${volume?.metadata.name ?? ''}`,
  };
}

/**
 * A claim that the scheduler has promised to a node is provisioned for that node only. For another one any free volume of its
 * class would do, and whether there is one, or room for one, is not looked up: a running Coordinator's claim is bound.
 */
function waiting(node: Node, { name, claim, storageClass }: ClaimFacts): Outcome {
  const promised = claim?.metadata.annotations?.[selectedNode];
  const elsewhere = promised !== undefined && promised !== node.metadata.name;
  const never = promised !== undefined && (storageClass?.provisioner ?? '') === noProvisioner;
  const barred = promised !== undefined && !allowedOn(node, storageClass?.allowedTopologies);
  if (elsewhere || never || barred) {
    return {
      filter: 'VolumeBinding',
      reason: "node(s) didn't find available persistent volumes to bind",
      detail: elsewhere
        ? `persistentvolumeclaim/${name} is promised to ${promised}`
        : `persistentvolumeclaim/${name}`,
    };
  }
  const className = storageClass?.metadata.name ?? '';
  return {
    doubt: `claim ${name} is not bound yet, and whether its class ${className} finds a volume there is not known`,
  };
}

/** Whether a class may make volumes for a node; no terms mean anywhere (MatchTopologySelectorTerms). */
function allowedOn(
  node: Node,
  terms: readonly { matchLabelExpressions?: { key: string; values: string[] }[] }[] = [],
): boolean {
  if (terms.length === 0) return true;
  return terms.some(
    ({ matchLabelExpressions: expressions = [] }) =>
      expressions.length > 0 &&
      expressions.every(({ key, values }) => values.includes(node.metadata.labels?.[key] ?? '\0')),
  );
}

/** VolumeZone: a volume with zone labels is for nodes with the same ones, unless the node has none at all. */
export function refusedByZone({ node, claims }: Scene): Refusal | undefined {
  const labels = node.metadata.labels ?? {};
  if (!Object.keys(zoneLabels).some((key) => key in labels)) return undefined;
  const foreign = claims.find(({ volume }) => volume !== undefined && !inZone(labels, volume));
  if (foreign === undefined) return undefined;
  return {
    filter: 'VolumeZone',
    reason: 'node(s) had no available volume zone',
    detail: `persistentvolume/${foreign.volume?.metadata.name ?? ''}`,
  };
}

/** A volume of several zones has their names in one label, with `__` between them. */
function inZone(labels: Record<string, string>, { metadata }: PersistentVolume): boolean {
  return Object.entries(zoneLabels).every(([key, today]) => {
    const zones = metadata.labels?.[key];
    const here = labels[key] ?? labels[today];
    return zones === undefined || (here !== undefined && zones.split('__').includes(here));
  });
}
