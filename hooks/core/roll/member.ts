import type { RolloutStatus } from '../status/status.ts';
import type { WorkloadName } from '../marbles/workload.ts';
import type { PodTrouble } from '../pod-trouble.ts';

/** A workload as the roll needs it. */
export interface RollTarget extends WorkloadName {
  /** Lower waves are done before higher ones begin. */
  wave: number;
  /** The labels of its pods, which PodDisruptionBudgets select. */
  podLabels: Readonly<Record<string, string>>;
  /** Whether its controller waits for somebody to delete the old pods (`OnDelete`). */
  evict: boolean;
}

/**
 * `waiting` for its turn, `starting` while the change is asked for, `rolling` until it is `done` or `failed`; `gone` when
 * the workload was deleted in the meantime.
 */
export type Phase = 'waiting' | 'starting' | 'rolling' | 'done' | 'failed' | 'gone';

/** What the pods of a workload are stuck on, since when, and how often its container had been started again by then. */
export interface Trouble extends PodTrouble {
  since: number;
  restartsBefore: number;
}

/** One workload of a roll, and how far it is. Times are in milliseconds since the epoch. */
export interface Member {
  readonly target: RollTarget;
  /** Why it starts again. */
  readonly reason: string;
  /** Whether an earlier run has restarted it already, so that it is only seen through. */
  readonly followed: boolean;
  /** How it was before, for the report. */
  readonly before: string;
  phase: Phase;
  /** Why it has not started although it is its turn. */
  held?: string | undefined;
  status?: RolloutStatus | undefined;
  /** What its pods are stuck on. */
  trouble?: Trouble | undefined;
  /** Why it failed, or why it is gone. */
  failure?: string | undefined;
  /** Whether the failure tells what its pods say already. */
  explained?: boolean;
  startedAt?: number;
  endedAt?: number;
  /** When its status was last heard of or asked for. */
  heardAt?: number;
  /** When its pods were last looked at. */
  lookedAt?: number;
}

/** Whether it takes one of the places that `maxConcurrent` gives. */
export function isInFlight({ phase }: Member): boolean {
  return phase === 'starting' || phase === 'rolling';
}

/** Whether nothing more will happen to it. */
export function isOver({ phase }: Member): boolean {
  return phase === 'done' || phase === 'failed' || phase === 'gone';
}
