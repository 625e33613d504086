import { valueOf } from '../known.ts';
import { CoordinatorState } from '../states.ts';
import type { RolloutRecord } from '../record.ts';
import { eventOf, movedEvent, nodeBefore, type WatchEvent } from './events.ts';
import type { Limits, Memory, Observation, Situation, Told } from './memory.ts';
import { noteFor } from './note.ts';
import { readinessOf, type Readiness } from './readiness.ts';
import { nodeOf, type Scene } from './scene.ts';
import { hadManifest, isKnownState, situationOf } from './situation.ts';

/** What follows from one round of the watch. */
export interface Decision extends Readiness {
  memory: Memory;
  /** At most one in a round; when it could not be written, the memory keeps what was told before. */
  event?: WatchEvent;
  /** The record as it has to be now. */
  recordChange?: RolloutRecord;
}

const lookMilliseconds = 60_000;
/** A rollout hook that runs sees a move first, and writes the record itself. */
const settleMilliseconds = 30_000;
/** The same reason is given once a minute at most, whatever the Coordinator does. */
const repeatMilliseconds = 60_000;

/**
 * Whether the cluster has to be looked at in this round: the answer is another one, something has not been told yet, or
 * there may be something to note. A look costs a few requests, a round only the one to the Coordinator.
 */
export function wantsLook(memory: Memory, answer: Observation['answer'], now: Date, limits: Limits): boolean {
  const time = now.getTime();
  const { lookedAt } = memory;
  if (lookedAt === undefined || time - lookedAt >= lookMilliseconds) return true;
  if (stateIn(answer) !== stateIn(memory.answer)) return true;
  const after = witnessed(memory, answer, time);
  const situation = situationOf(after, time, limits);
  if (situation !== undefined && situation !== memory.told.situation) return true;
  const settled = (memory.acceptingSince ?? Infinity) + settleMilliseconds;
  return time >= settled && lookedAt < settled;
}

/** One step of the watch: from what it keeps in mind and what it found to what it does. */
export function next(memory: Memory, { answer, scene }: Observation, now: Date, limits: Limits): Decision {
  const time = now.getTime();
  const looked = scene === undefined ? memory : { ...memory, scene, lookedAt: time };
  const seen = troubled(witnessed(looked, answer, time), time);
  const readiness = readinessOf(seen, time, limits);
  const situation = situationOf(seen, time, limits);
  const fresh = scene !== undefined && situation !== undefined && agrees(scene, situation, answer);
  const { told, event } = fresh ? tell(situation, { ...seen, scene }, time) : { told: seen.told };
  const recordChange = fresh && isSettled(seen, time) ? noteFor(scene, now) : undefined;
  return {
    ...readiness,
    memory: { ...seen, told, ...afterwards(situation, scene, now) },
    ...(event === undefined ? {} : { event }),
    ...(recordChange === undefined ? {} : { recordChange }),
  };
}

function witnessed(memory: Memory, answer: Observation['answer'], time: number): Memory {
  const { silentSince, acceptingSince, ...rest } = memory;
  const state = stateIn(answer);
  if (state === undefined) return { ...rest, answer, silentSince: silentSince ?? time };
  const accepting = state === CoordinatorState.AcceptingMarbles;
  return { ...rest, answer, ...(accepting ? { acceptingSince: acceptingSince ?? time } : {}) };
}

/** Silence says nothing about a trouble: a Coordinator that needs recovery and crashes again and again needs it still. */
function troubled(memory: Memory, time: number): Memory {
  const { troubledSince, ...rest } = memory;
  const state = stateIn(memory.answer);
  const isTrouble =
    state === CoordinatorState.Recovery ||
    (state === CoordinatorState.AcceptingManifest && hadManifest(memory)) ||
    (state === undefined && troubledSince !== undefined);
  return isTrouble ? { ...rest, troubledSince: troubledSince ?? time } : rest;
}

function stateIn(answer: Observation['answer'] | undefined): number | undefined {
  const state = valueOf(answer);
  return state !== undefined && isKnownState(state) ? state : undefined;
}

/** Whether the pod that was looked at is the one that answered, so that an Event names the right one. */
function agrees({ coordinator }: Scene, situation: Situation, answer: Observation['answer']): boolean {
  return situation === 'down' || coordinator?.state === valueOf(answer);
}

function tell(
  situation: Situation,
  memory: Memory & { scene: Scene },
  time: number,
): { told: Told; event?: WatchEvent } {
  const { told, scene } = memory;
  const changed = situation !== told.situation;
  const node = nodeOf(scene);
  const isMove =
    situation === 'accepting-marbles' && nodeBefore(memory) !== undefined && told.movedTo !== node;
  const event =
    (changed ? eventOf(told.situation, situation, memory) : undefined) ??
    (isMove ? movedEvent(memory) : undefined);
  if (event === undefined) return { told: { ...told, situation } };
  const last = told.times[event.reason];
  if (last !== undefined && time - last < repeatMilliseconds) return { told };
  const times = { ...told.times, [event.reason]: time };
  return { told: { ...told, situation, times, ...(isMove ? { movedTo: node } : {}) }, event };
}

function isSettled({ acceptingSince }: Memory, time: number): boolean {
  return acceptingSince !== undefined && time - acceptingSince >= settleMilliseconds;
}

function afterwards(
  situation: Situation | undefined,
  scene: Scene | undefined,
  now: Date,
): Pick<Memory, 'seenAccepting' | 'node'> {
  if (situation !== 'accepting-marbles' && situation !== 'replaced') return {};
  return {
    seenAccepting: now.toISOString(),
    ...(scene === undefined || nodeOf(scene) === '' ? {} : { node: nodeOf(scene) }),
  };
}
