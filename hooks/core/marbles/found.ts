import type { MarbleWorkload } from './workload.ts';

/** What carries the Marble label and that no roll can start anew: bare pods, and those of Jobs and of unknown kinds. */
export interface LooseMarble {
  /** As kubectl names it: the pod, or the object that controls it. */
  subject: string;
  /** Why it cannot be restarted. */
  why: string;
}

/** Everything that carries the Marble label and belongs to this Coordinator. */
export interface FoundMarbles {
  /** By kind, namespace and name. */
  workloads: MarbleWorkload[];
  loose: LooseMarble[];
  /** Where it could not be looked, in the API server's words. What is there may be missing above. */
  unknown: string[];
}

/** Nothing, anywhere. */
export const noMarbles: FoundMarbles = { workloads: [], loose: [], unknown: [] };
