import { environmentOf, sharesState } from '../environment.ts';
import { mayHoldState, nodeName, type PreflightFacts } from '../facts.ts';
import { runningVersion } from '../image.ts';
import { valueOf } from '../known.ts';
import type { PersistentVolumeClaim, Pod, Toleration } from '../objects.ts';
import type { Known } from '../known.ts';
import type { NodeFacts } from '../placement/scene.ts';
import type { Settings } from '../settings.ts';
import type { ChartValues } from '../values/generated/chart-values.ts';
import type { StateSource } from './source.ts';

/** What preflight knows of the sealed state's place. */
export interface BackupFacts {
  source: Known<StateSource>;
  /** The claim of the source; undefined when it is not there. */
  claim: Known<PersistentVolumeClaim | undefined>;
}

/** What the pod that copies the sealed state needs to know. */
export interface BackupOrder {
  node: string;
  source: StateSource;
  coordinatorVersion: string;
  simulation: boolean;
  manifestFingerprint: string | undefined;
  tolerations: Toleration[];
}

/** What the decision goes by: of preflight's facts, those that a person's command has, too. */
export interface BackupScene extends Pick<
  PreflightFacts,
  'live' | 'pods' | 'coordinator' | 'record' | 'backup'
> {
  node: Known<Pick<NodeFacts, 'node'>> | undefined;
  settings: { release: Pick<Settings['release'], 'namespace'>; values: Settings['values'] } & {
    coordinator: Pick<Settings['coordinator'], 'container' | 'simulation' | 'version'>;
  };
}

/** Nothing to copy, no way to copy it, or what to do. */
export type BackupPlan =
  { kind: 'none' } | { kind: 'impossible'; why: string } | { kind: 'copy'; order: BackupOrder };

/**
 * Whether the sealed state is copied before this change. Only a Coordinator that says it has no Manifest is known to
 * have sealed nothing worth keeping; in Recovery and in an unknown state the copy may be what is needed most.
 */
export function planBackup(facts: BackupScene): BackupPlan {
  const { backup } = facts;
  if (!mayHoldState(facts)) return { kind: 'none' };
  const shared = sharedState(facts);
  if (shared !== undefined)
    return { kind: 'impossible', why: `${shared}, and only what is on a volume is copied` };
  if (backup === undefined) return { kind: 'none' };
  const why = obstacle(facts, backup);
  const node = nodeName(facts);
  if (why !== undefined || node === undefined || !backup.source.known) {
    return { kind: 'impossible', why: why ?? 'it is not known which node has the volume' };
  }
  return { kind: 'copy', order: orderOf(facts, node, backup.source.value) };
}

/** Where the state is that several can share, unless the user wants no copies. */
function sharedState({ settings, live }: BackupScene): string | undefined {
  const { backup } = settings.values as ChartValues;
  if (backup?.enabled !== true || live === undefined || !sharesState(live, settings.coordinator))
    return undefined;
  const name = environmentOf(live, settings.coordinator).EDG_K8S_STATE_NAME ?? 'marblerun-state';
  return `the state is in secret/${name}`;
}

function obstacle({ settings }: BackupScene, { source, claim }: BackupFacts): string | undefined {
  if (!source.known) return source.why;
  const subject = `persistentvolumeclaim/${source.value.claim}`;
  if (!claim.known) return `${subject} could not be read: ${claim.why}`;
  if (claim.value === undefined) return `${subject} is not there`;
  if (claim.value.status?.phase !== 'Bound') {
    return `${subject} is not bound: ${claim.value.status?.phase ?? 'no phase'}`;
  }
  // A second pod would wait for the first to end, or, by preemption, end it (Kubernetes 1.29, VolumeRestrictions).
  return claim.value.spec.accessModes?.includes('ReadWriteOncePod') === true
    ? `${subject} is ReadWriteOncePod: no pod but the Coordinator's, in ${settings.release.namespace}, may mount it`
    : undefined;
}

function orderOf(facts: BackupScene, node: string, source: StateSource): BackupOrder {
  const { settings, live, pods, coordinator } = facts;
  const spec = pods[0]?.spec ?? live?.spec.template.spec;
  return {
    node,
    source,
    coordinatorVersion: runningVersion(live, settings.coordinator),
    simulation: settings.coordinator.simulation || simulates(spec, settings.coordinator.container),
    manifestFingerprint: valueOf(coordinator)?.manifest?.fingerprint,
    tolerations: [...(spec?.tolerations ?? []), ...taintsOf(facts)],
  };
}

/** In simulation an enclave seals with a key that everyone knows (Open Enclave, OE_SIMULATION). */
function simulates(spec: Pod['spec'] | undefined, name: string): boolean {
  const container = spec?.containers.find((candidate) => candidate.name === name);
  return container?.env?.some((each) => each.name === 'OE_SIMULATION' && each.value === '1') === true;
}

/** The volume is where it is: a node that takes no new pods, since it is about to be left, still has to take this one. */
function taintsOf({ node }: BackupScene): Toleration[] {
  const found = valueOf(node)?.node.spec;
  const taints = (found?.taints ?? []).filter(({ effect }) => effect === 'NoSchedule');
  return taints.map(({ key, value, effect }) =>
    value === undefined ? { key, operator: 'Exists', effect } : { key, operator: 'Equal', value, effect },
  );
}
