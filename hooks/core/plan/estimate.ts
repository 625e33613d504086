import type { Settings } from '../settings.ts';
import { workloadKey, workloadName, type MarbleWorkload } from '../marbles/workload.ts';
import type { PlannedMarbles } from './marbles.ts';
import type { CoordinatorRestart } from './restart.ts';

/** What is known of how long things took before, in seconds. */
export interface Timings {
  /** The Jobs of the hooks, the last time that they succeeded. */
  preflight?: number | undefined;
  rollout?: number | undefined;
  /** From the making of the Coordinator's running pod until it was ready. */
  coordinator?: number | undefined;
  /** The same of the slowest pod of a workload, by its key. */
  marbles: ReadonlyMap<string, number>;
  /** Whole restarts of a workload, where a report of the last rollout is kept. */
  rolls: ReadonlyMap<string, number>;
}

/** One part of the upgrade; without seconds nothing tells how long it takes. */
export interface TimePart {
  name: string;
  seconds?: number | undefined;
  from: string;
}

/** How long the upgrade should take, and when the hooks give up. */
export interface Estimate {
  /** The sum of the parts that are known. */
  seconds: number;
  parts: TimePart[];
  /** The longest that the hooks may take for the Marbles. */
  limitSeconds: number;
  /** How long the last rollout took, whatever it had to do. */
  lastRollout?: number | undefined;
  limitKey: 'hooks.deadlineSeconds' | 'rollout.detachedDeadlineSeconds';
}

/**
 * A guess from what is there: each part is taken to last as long as it did the last time. It knows nothing of images that have to
 * be pulled, of nodes that are busy, and of PodDisruptionBudgets that make a roll wait.
 */
export function estimate(
  settings: Pick<Settings, 'hooks' | 'rollout'>,
  restart: CoordinatorRestart,
  marbles: PlannedMarbles | undefined,
  timings: Timings,
): Estimate {
  const { hooks, rollout } = settings;
  const parts: TimePart[] = [
    { name: 'preflight', seconds: timings.preflight, from: 'as its last run' },
    ...ofCoordinator(restart, timings),
    ...ofMarbles(marbles, rollout.maxConcurrent, timings),
  ];
  return {
    seconds: Math.round(parts.reduce((sum, { seconds = 0 }) => sum + seconds, 0)),
    parts,
    lastRollout: timings.rollout,
    ...(rollout.detach
      ? {
          limitSeconds: rollout.detachedDeadlineSeconds,
          limitKey: 'rollout.detachedDeadlineSeconds' as const,
        }
      : { limitSeconds: hooks.deadlineSeconds, limitKey: 'hooks.deadlineSeconds' as const }),
  };
}

/** The estimate in a sentence or two. */
export function estimateText({ seconds, parts, lastRollout, limitSeconds, limitKey }: Estimate): string {
  const known = parts.filter((part) => part.seconds !== undefined);
  const list = known.map((part) => `${part.name} ${inSeconds(part.seconds ?? 0)} (${part.from})`);
  const open = parts.filter((part) => part.seconds === undefined).map(({ name }) => name);
  const without = open.length === 0 ? '' : ` Nothing tells how long this takes: ${open.join(', ')}.`;
  const about = known.length === 0 ? '' : `About ${inSeconds(seconds)}: ${list.join(', ')}.`;
  const last = lastRollout === undefined ? '' : ` The last rollout hook took ${inSeconds(lastRollout)}.`;
  return [
    `${about}${without}${last}`.trim(),
    `An estimate: images to be pulled, busy nodes and PodDisruptionBudgets are not in it. The hooks give up after ${inSeconds(limitSeconds)} (${limitKey}).`,
  ].join(' ');
}

function ofCoordinator({ kind }: CoordinatorRestart, { coordinator }: Timings): TimePart[] {
  if (kind === 'stays') return [];
  const name = 'the Coordinator';
  return [{ name, seconds: coordinator, from: 'as its running pod took to be ready' }];
}

function ofMarbles(
  marbles: PlannedMarbles | undefined,
  maxConcurrent: number,
  { marbles: known, rolls }: Timings,
): TimePart[] {
  if (marbles === undefined || marbles.waves.length === 0) return [];
  const all = marbles.waves.flatMap(({ restarts }) => restarts.map(({ workload }) => workload));
  const open = all.filter(
    (workload) => !known.has(workloadKey(workload)) && !rolls.has(workloadKey(workload)),
  );
  const told = all.length - open.length;
  const secondsOf = (workload: MarbleWorkload): number => {
    const key = workloadKey(workload);
    return rolls.get(key) ?? (known.get(key) ?? 0) * rounds(workload);
  };
  const seconds = marbles.waves
    .map(({ restarts }) =>
      lastEnd(
        restarts.map(({ workload }) => secondsOf(workload)),
        maxConcurrent,
      ),
    )
    .reduce((sum, each) => sum + each, 0);
  const waves = `${marbles.waves.length} wave${marbles.waves.length === 1 ? '' : 's'}`;
  const from = `${waves}, from their last restarts and how long their running pods took to be ready`;
  return [
    ...(told === 0 ? [] : [{ name: 'Marbles', seconds: Math.round(seconds), from }]),
    ...open.map((workload): TimePart => ({ name: workloadName(workload), from: '' })),
  ];
}

/**
 * How often in a row a workload waits for new pods. A Deployment surges by a quarter and lets a quarter go unless told otherwise
 * (Kubernetes: maxSurge and maxUnavailable are 25 %); StatefulSets and DaemonSets replace one pod after the other.
 */
export function rounds({ kind, strategy, replicas, heldBack }: MarbleWorkload): number {
  const pods = replicas - heldBack;
  if (pods <= 0) return 0;
  if (strategy === 'Recreate') return 1;
  if (kind === 'StatefulSet' || kind === 'DaemonSet') return pods;
  const atOnce = Math.ceil(replicas / 4) + Math.floor(replicas / 4);
  return Math.ceil(pods / atOnce);
}

/** When the last one ends if so many go at once, in order. */
function lastEnd(durations: readonly number[], atOnce: number): number {
  const places = Array.from({ length: atOnce }, () => 0);
  for (const duration of durations) {
    const next = places.indexOf(Math.min(...places));
    places[next] = (places[next] ?? 0) + duration;
  }
  return Math.max(0, ...places);
}

function inSeconds(seconds: number): string {
  return seconds < 600 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
