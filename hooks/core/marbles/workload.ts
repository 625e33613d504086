import { objectName } from '../objects.ts';
import type { RolloutStatus } from '../status/rollout-status.ts';

/** The kinds whose pods a roll can start anew. A Rollout is Argo's (`argoproj.io/v1alpha1`). */
export const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout'] as const;

export type WorkloadKind = (typeof workloadKinds)[number];

/** Which workload is meant, in the whole cluster. */
export interface WorkloadName {
  kind: WorkloadKind;
  namespace: string;
  name: string;
}

/** A workload as kubectl names it: `statefulset/db in shop`. */
export function workloadName({ kind, namespace, name }: WorkloadName): string {
  return objectName(kind, { namespace, name });
}

/** Tells a workload from all others. */
export function workloadKey({ kind, namespace, name }: WorkloadName): string {
  return `${kind}/${namespace}/${name}`;
}

/** The label of a Marble's pod template that names its type (MarbleRun docs, workflows/add-service). */
export const marbleLabel = 'marblerun/marbletype';
/** The pod-template annotation that holds the key a workload was last restarted for. */
export const startedUnderAnnotation = 'marblerun-hooks/started-under';
/** The workload's own annotation with the number of the wave in which it restarts. */
export const waveAnnotation = 'marblerun-hooks/wave';
/** The workload's own annotation that keeps it from being restarted: `never`, or `auto` for the default. */
export const restartAnnotation = 'marblerun-hooks/restart';

/** An object as its owner refers to it. */
export interface Reference {
  kind: string;
  name: string;
}

/** A workload whose pod template carries the Marble label. */
export interface MarbleWorkload extends WorkloadName {
  /** Tells a workload from another one that took its name. */
  uid: string;
  /** Value of the Marble label: the type in the Manifest. */
  type: string;
  /** The pods that it asks for; of a DaemonSet, those that there are nodes for. */
  replicas: number;
  /** How many of them keep the old template when a new one comes: those below a StatefulSet's partition. */
  heldBack: number;
  /** The labels of its pods, as PodDisruptionBudgets select them. */
  podLabels: Readonly<Record<string, string>>;
  strategy: 'RollingUpdate' | 'Recreate' | 'OnDelete';
  paused: boolean;
  /** The order of restarts: lower ones first. An integer. */
  wave: number;
  /** The value of the wave's annotation, where it is no integer; the wave is then 0. */
  unreadableWave?: string | undefined;
  /** The value of the annotation that opts out, whatever it says. */
  restart?: string | undefined;
  /** The object whose controller manages this one, such as an operator's. */
  owner?: Reference | undefined;
  /** The workload that has the pod template of an Argo Rollout, where it is not its own. */
  templateOf?: Reference | undefined;
  /** Whether the pod template leaves it to the injector to say where the Coordinator is. */
  injected: boolean;
  /** The value of our annotation, if it was ever restarted by us. */
  startedUnder?: string | undefined;
  /** Its Coordinator's address, where that does not tell whether it is this Coordinator. */
  strangeAddress?: string | undefined;
  /** How far its last roll was when it was looked at. */
  status: RolloutStatus;
}
