import { belongsTo } from '../../core/marbles/address.ts';
import type { LooseMarble } from '../../core/marbles/found.ts';
import { workloadKey, type WorkloadKind, type WorkloadName } from '../../core/marbles/workload.ts';
import { objectName, type OwnerReference } from '../../core/objects.ts';
import type { Labelled, LabelledPod } from './labelled.ts';

/** A workload that something labelled was made from. */
export interface Lead extends WorkloadName {
  /** The Marble type of its pods. */
  type: string;
  /** Where one of its pods looks for its Coordinator. */
  address?: string | undefined;
}

/** What was listed. Undefined where it could not be. */
export interface Listed {
  replicaSets: Labelled[] | undefined;
  revisions: Labelled[] | undefined;
  pods: LabelledPod[] | undefined;
}

/** The workloads behind what was listed, each once, and what has none. */
export function followLeads(
  { replicaSets, revisions = [], pods = [] }: Listed,
  mesh: string,
): { leads: Lead[]; loose: LooseMarble[] } {
  const leads = new Map<string, Lead>();
  const behind = new Map((replicaSets ?? []).map((set) => [`${set.namespace}/${set.name}`, leadOf(set)]));
  const note = (lead: Lead | undefined, address?: string): void => {
    if (lead === undefined) return;
    const known = leads.get(workloadKey(lead)) ?? lead;
    known.address ??= address;
    leads.set(workloadKey(known), known);
  };
  for (const lead of behind.values()) note(lead);
  for (const revision of revisions) note(leadOf(revision));
  const loose = new Map<string, LooseMarble>();
  for (const pod of pods) {
    const { namespace, address, controller } = pod;
    const ofSet = controller?.kind === 'ReplicaSet';
    const lead = ofSet ? behind.get(`${namespace}/${controller.name}`) : leadOf(pod);
    if (lead !== undefined) note(lead, address);
    else if ((!ofSet || replicaSets !== undefined) && belongsTo(address, { namespace, mesh }) === 'us') {
      const found = looseOf(pod);
      loose.set(found.subject, found);
    }
  }
  return { leads: inOrder(leads), loose: inOrder(loose) };
}

const groups: Readonly<Record<WorkloadKind, string>> = {
  Deployment: 'apps/',
  StatefulSet: 'apps/',
  DaemonSet: 'apps/',
  Rollout: 'argoproj.io/',
};

function leadOf({ namespace, type, controller }: Labelled): Lead | undefined {
  if (controller === undefined || !isWorkload(controller)) return undefined;
  return { kind: controller.kind, namespace, name: controller.name, type };
}

function isWorkload(owner: OwnerReference): owner is OwnerReference & { kind: WorkloadKind } {
  return Object.hasOwn(groups, owner.kind) && owner.apiVersion.startsWith(groups[owner.kind as WorkloadKind]);
}

function looseOf({ namespace, name, controller }: LabelledPod): LooseMarble {
  if (controller === undefined) {
    return { subject: objectName('pod', { namespace, name }), why: 'nothing controls the pod' };
  }
  const subject = objectName(controller.kind, { namespace, name: controller.name });
  if (controller.kind === 'Job') return { subject, why: 'a Job runs to its end' };
  return { subject, why: `a ${controller.kind} has no roll that could be asked for` };
}

function inOrder<T>(found: ReadonlyMap<string, T>): T[] {
  return [...found]
    .sort(([one], [other]) => (one < other ? -1 : Number(one > other)))
    .map(([, each]) => each);
}
