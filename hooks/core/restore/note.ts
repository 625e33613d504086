import type { Deployment } from '../objects.ts';

/** Annotation of a Deployment that is stopped for a restore, so that a restore that was interrupted can be finished. */
export const restoreAnnotation = 'marblerun-hooks/restore';

/** What a restore needs to go on. */
export interface RestoreNote {
  /** How many Coordinators ran before. */
  replicas: number;
  /** The Secret to restore from. */
  copy: string;
  /** Another sealed state may be put aside. */
  replace: boolean;
}

/**
 * The note of a restore that was interrupted. Undefined where there is none, and where the Deployment was changed since: what
 * a person agreed to then is no consent to put another state aside.
 */
export function interrupted({ metadata, spec }: Deployment): RestoreNote | undefined {
  const text = metadata.annotations?.[restoreAnnotation];
  if (text === undefined || spec.replicas !== 0) return undefined;
  try {
    const { generation, replicas, copy, replace } = JSON.parse(text) as Partial<Kept>;
    if (generation !== metadata.generation || !Number.isInteger(replicas) || typeof copy !== 'string')
      return undefined;
    return { replicas: Number(replicas), copy, replace: replace === true };
  } catch {
    return undefined;
  }
}

/**
 * The note with the generation that the Deployment has once it is written: each change of its spec or annotations counts one
 * up (Kubernetes, pkg/registry/apps/deployment/strategy.go).
 */
type Kept = RestoreNote & { generation: number };

/** The patch that stops the Coordinator of this Deployment and notes how to go on; it changes nothing where both is done. */
export function stopped(note: RestoreNote, { metadata, spec }: Deployment): object {
  const { generation = 0 } = metadata;
  const text = (kept: Kept): string => JSON.stringify(kept);
  const before = text({ ...note, generation });
  const written = spec.replicas === 0 && metadata.annotations?.[restoreAnnotation] === before;
  const after = written ? before : text({ ...note, generation: generation + 1 });
  return { metadata: { annotations: { [restoreAnnotation]: after } }, spec: { replicas: 0 } };
}

/** The patch that starts as many again as there were. */
export function startedAgain({ replicas }: RestoreNote): object {
  return { metadata: { annotations: { [restoreAnnotation]: null } }, spec: { replicas } };
}
