import type { Deployment, ObjectMeta } from '../objects.ts';
import type {
  ArgoRollout,
  DaemonSet,
  PodTemplate,
  StatefulSet,
  WorkloadObjects,
} from '../objects/workloads.ts';
import { heldBack } from '../status/stateful-set.ts';
import { workloadStatus } from '../status/status.ts';
import { belongsTo, coordinatorAddress } from './address.ts';
import {
  marbleLabel,
  restartAnnotation,
  startedUnderAnnotation,
  waveAnnotation,
  type MarbleWorkload,
  type WorkloadKind,
} from './workload.ts';

/** What is known of a workload beside its object. */
export interface Seen {
  /** The Coordinator's namespace. */
  mesh: string;
  /** The Marble type that its pods carry, for one whose template stands elsewhere. */
  type?: string | undefined;
  /** Where one of its pods looks for the Coordinator, for one whose template does not say. */
  address?: string | undefined;
}

/**
 * A workload as a Marble's; undefined when its template does not carry the label (any more), and when it is another
 * Coordinator's.
 */
export function marbleOf<K extends WorkloadKind>(
  kind: K,
  object: WorkloadObjects[K],
  { mesh, type: seenType, address: seenAddress }: Seen,
): MarbleWorkload | undefined {
  const { metadata, spec } = object;
  const { type, told, ...made } = fromTemplate(spec.template, seenType);
  const { name, namespace = '', uid = '' } = metadata;
  const address = told ?? seenAddress;
  const whose = belongsTo(address, { namespace, mesh });
  if (type === undefined || whose === 'another') return undefined;
  return {
    kind,
    namespace,
    name,
    uid,
    type,
    ...made,
    ...traits[kind](object),
    ...fromAnnotations(metadata),
    owner: metadata.ownerReferences?.find(({ controller }) => controller === true),
    strangeAddress: whose === 'unclear' ? address : undefined,
    status: workloadStatus(kind, object),
  };
}

interface FromTemplate extends Pick<MarbleWorkload, 'podLabels' | 'injected' | 'startedUnder'> {
  type?: string | undefined;
  /** Where the template itself says that the Coordinator is. */
  told?: string | undefined;
}

function fromTemplate(template: PodTemplate | undefined, seenType: string | undefined): FromTemplate {
  if (template === undefined) return { type: seenType, podLabels: {}, injected: true };
  const { labels: podLabels = {}, annotations } = template.metadata ?? {};
  const told = coordinatorAddress(template.spec);
  return {
    type: podLabels[marbleLabel],
    told,
    podLabels,
    injected: told === undefined,
    startedUnder: annotations?.[startedUnderAnnotation],
  };
}

type Traits = Pick<MarbleWorkload, 'replicas' | 'heldBack' | 'strategy' | 'paused' | 'templateOf'>;

/** What each kind keeps in a place of its own. */
const traits: { [K in WorkloadKind]: (object: WorkloadObjects[K]) => Traits } = {
  Deployment: ({ spec }: Deployment) => ({
    replicas: spec.replicas ?? 1,
    heldBack: 0,
    strategy: spec.strategy?.type === 'Recreate' ? 'Recreate' : 'RollingUpdate',
    paused: spec.paused === true,
  }),
  StatefulSet: ({ spec }: StatefulSet) => ({
    replicas: spec.replicas ?? 1,
    heldBack: heldBack({ spec }),
    strategy: onDelete(spec.updateStrategy),
    paused: false,
  }),
  DaemonSet: ({ spec, status }: DaemonSet) => ({
    replicas: status?.desiredNumberScheduled ?? 0,
    heldBack: 0,
    strategy: onDelete(spec.updateStrategy),
    paused: false,
  }),
  Rollout: ({ spec }: ArgoRollout) => ({
    replicas: spec.replicas ?? 1,
    heldBack: 0,
    strategy: 'RollingUpdate',
    paused: spec.paused === true,
    templateOf: spec.workloadRef,
  }),
};

function onDelete(strategy: { type?: string } | undefined): 'OnDelete' | 'RollingUpdate' {
  return strategy?.type === 'OnDelete' ? 'OnDelete' : 'RollingUpdate';
}

function fromAnnotations({
  annotations = {},
}: ObjectMeta): Pick<MarbleWorkload, 'wave' | 'unreadableWave' | 'restart'> {
  const wave = annotations[waveAnnotation];
  const restart = annotations[restartAnnotation];
  if (wave === undefined || isInteger(wave)) return { wave: Number(wave ?? 0), restart };
  return { wave: 0, unreadableWave: wave, restart };
}

function isInteger(text: string): boolean {
  return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text));
}
