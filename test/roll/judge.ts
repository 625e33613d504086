import { isDeepStrictEqual } from 'node:util';
import type { Mesh } from './mesh.ts';
import { keyOf, type Snapshot } from './snapshot.ts';
import type { Workload } from './workloads.ts';

/** How often a workload was restarted between two snapshots, and what is wrong with that. */
interface Restarts {
  readonly count: number;
  readonly wrong: readonly string[];
}

/** What is wrong with a roll that may have been cut short: nothing may be restarted more than `most` times. */
export function judgeStopped(mesh: Mesh, before: Snapshot, now: Snapshot, most: 0 | 1): string[] {
  return mesh.workloads.flatMap((workload) => {
    const { count, wrong } = restartsOf(workload, before, now);
    return [
      ...wrong,
      ...(count > most ? [`${keyOf(workload)} was restarted ${count} times, not ${most}`] : []),
    ];
  });
}

/** What a roll that nothing disturbed leaves, to be compared with. */
export interface Undisturbed {
  readonly record: Snapshot['record'];
  /** The Helm release's revision of the roll that is judged. */
  readonly revision: number;
}

/**
 * What is wrong with a roll that has ended well: each workload is restarted exactly once and settled, for the reason that the
 * record names, and the record is that of a roll that nothing disturbed but for what it was started for.
 */
export function judgeDone(mesh: Mesh, before: Snapshot, now: Snapshot, undisturbed: Undisturbed): string[] {
  const key = now.record?.startedUnder;
  const ofWorkloads = mesh.workloads.flatMap((workload) => {
    const { count, wrong } = restartsOf(workload, before, now);
    const state = now.workloads.get(keyOf(workload));
    return [
      ...wrong,
      ...(count === 1 ? [] : [`${keyOf(workload)} was restarted ${count} times, not once`]),
      ...(state?.settled === true ? [] : [`${keyOf(workload)} is not settled`]),
      ...(state?.startedUnder === key ? [] : [`${keyOf(workload)} carries another key than the record`]),
    ];
  });
  return [...ofWorkloads, ...recordProblems(now, undisturbed)];
}

function recordProblems({ record }: Snapshot, undisturbed: Undisturbed): string[] {
  if (record === undefined) return ['there is no record'];
  const { revision } = undisturbed;
  const expected = { ...undisturbed.record, startedUnder: '', revision };
  const found = { ...record, startedUnder: '' };
  return isDeepStrictEqual(found, expected)
    ? []
    : [`the record is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`];
}

/**
 * Counted twice, by changes of the object and by pods of templates that are new. A StatefulSet's controller may make a
 * pod of the old template once more while a roll goes on, so one pod name of one template counts once there.
 */
function restartsOf(workload: Workload, before: Snapshot, now: Snapshot): Restarts {
  const [old, state] = [before, now].map(({ workloads }) => workloads.get(keyOf(workload)));
  if (old === undefined || state === undefined) throw new Error(`${keyOf(workload)} is in no snapshot`);
  const known = new Set(old.pods.map(({ revision }) => revision));
  const fresh = Map.groupBy(
    state.pods.filter(({ revision }) => !known.has(revision)),
    ({ revision }) => revision,
  );
  const changes = state.generation - old.generation;
  const wrong: string[] = [];
  if (fresh.size > changes) {
    wrong.push(`${keyOf(workload)} has pods of ${fresh.size} new templates after ${changes} changes`);
  }
  for (const [revision, pods] of fresh) {
    const different = new Set(pods.map(({ name, uid }) => (workload.kind === 'StatefulSet' ? name : uid)));
    if (different.size > workload.pods) {
      wrong.push(
        `${keyOf(workload)} had ${different.size} pods of template ${revision}, not ${workload.pods}`,
      );
    }
  }
  return { count: Math.max(changes, fresh.size), wrong };
}
