import { valueOf } from '../known.ts';
import { recoverySteps } from '../recovery/steps.ts';
import type { Memory, Situation } from './memory.ts';
import { nodeOf, recoveryTargetIn, runOf, type Scene } from './scene.ts';

/** One thing that an Event tells of the Coordinator. */
export interface WatchEvent {
  type: 'Normal' | 'Warning';
  /** Closed list: docs/watch.md has a row for each. */
  reason: WatchReason;
  /** What is the case; then, line by line, what a person does about it. */
  message: string;
  /** The same for the same occasion, so that an anchor that takes over from another does not tell it again. */
  occasion: string;
}

/** Every reason that an Event of the watch can have. */
export const watchReasons = [
  'CoordinatorNeedsRecovery',
  'CoordinatorRecovered',
  'CoordinatorLostState',
  'CoordinatorStateReplaced',
  'CoordinatorDown',
  'CoordinatorBack',
  'CoordinatorMoved',
  'CoordinatorGotManifest',
] as const;

export type WatchReason = (typeof watchReasons)[number];

/** What an Event says of the change from one situation to the next; undefined where the change is no news. */
export function eventOf(
  before: Situation | undefined,
  now: Situation,
  memory: Memory & { scene: Scene },
): WatchEvent | undefined {
  const { scene } = memory;
  switch (now) {
    case 'needs-recovery':
      return event('Warning', 'CoordinatorNeedsRecovery', needsRecovery(memory), scene);
    case 'lost-state':
      return event('Warning', 'CoordinatorLostState', lostState(scene), scene);
    case 'replaced':
      return event('Warning', 'CoordinatorStateReplaced', replaced(scene), scene);
    case 'down':
      return event('Warning', 'CoordinatorDown', down(memory), scene);
    case 'accepting-manifest':
    case 'accepting-marbles':
      return good(before, now, memory);
  }
}

/** The Event for a Coordinator that kept its state on another node, which no hook saw. */
export function movedEvent(memory: Memory & { scene: Scene }): WatchEvent {
  const { scene } = memory;
  const message = `The Coordinator${moveOf(memory)} and kept its state.`;
  return event('Normal', 'CoordinatorMoved', message, scene);
}

/** The node that it was on before, by the record, else as this watch last saw it; undefined when it is no other. */
export function nodeBefore({ scene, node }: Memory & { scene: Scene }): string | undefined {
  const recorded = valueOf(scene.record)?.coordinator;
  const before = recorded?.node ?? node;
  const known = [before, ...(recorded?.nodes ?? [])];
  return before === undefined || before === '' || known.includes(nodeOf(scene)) ? undefined : before;
}

function good(
  before: Situation | undefined,
  now: 'accepting-manifest' | 'accepting-marbles',
  memory: Memory & { scene: Scene },
): WatchEvent | undefined {
  const { scene } = memory;
  const where = moveOf(memory);
  const state =
    now === 'accepting-marbles' ? 'state 3: Marbles can start' : 'state 2: it waits for a Manifest';
  const also = where === '' ? '' : ` It${where}.`;
  switch (before) {
    case 'needs-recovery':
      if (now === 'accepting-manifest') return undefined;
      return event(
        'Normal',
        'CoordinatorRecovered',
        `The Coordinator is recovered on ${nodeOf(scene)} (${state}).${also}`,
        scene,
      );
    case 'down':
      return event(
        'Normal',
        'CoordinatorBack',
        `The Coordinator answers again on ${nodeOf(scene)} (${state}).${also}`,
        scene,
      );
    case 'accepting-manifest':
    case 'lost-state':
      if (now === 'accepting-manifest') return undefined;
      return event('Normal', 'CoordinatorGotManifest', `A Manifest is in force (${state}).`, scene);
    case 'accepting-marbles':
    case 'replaced':
    case undefined:
      return undefined;
  }
}

function needsRecovery(memory: Memory & { scene: Scene }): string {
  const { scene } = memory;
  const before = nodeBefore(memory);
  const target = recoveryTargetIn(scene);
  const what =
    before === undefined
      ? `The Coordinator on ${nodeOf(scene)} cannot unseal its state`
      : `The Coordinator moved from ${before} to ${nodeOf(scene)} and cannot unseal its state there`;
  return [
    `${what} (state 1, Recovery). Running Marbles keep running, new ones cannot start. Do not set a Manifest: that would destroy the sealed state.`,
    recoverySteps(target, ''),
  ].join('\n');
}

function lostState({ namespace, record }: Scene): string {
  const had = valueOf(record)?.manifestFingerprint;
  const which = had === undefined ? '' : ` (${had.slice(0, 12)})`;
  return `The Coordinator has no Manifest (state 2), but it had one before${which}: it started with an empty store. New Marbles cannot start. Find the volume with the sealed state before you set any Manifest; a new Manifest starts a new mesh.\nkubectl -n ${namespace} get pvc,pv`;
}

function replaced({ coordinator, record }: Scene): string {
  const [before, now] = [valueOf(record)?.rootCertificate, coordinator?.rootCertificate].map((print) =>
    (print ?? '').slice(0, 12),
  );
  return `The Coordinator's root certificate was ${before ?? ''} and is ${now ?? ''}: this is another mesh than before, and Marbles of both do not trust each other. If that was done on purpose, run your last helm upgrade again: it takes the new state up and restarts the Marbles.`;
}

function down({ scene, answer }: Memory & { scene: Scene }): string {
  const { namespace, pod, deployment } = scene;
  const why = answer?.known === false ? `: ${answer.why}` : '';
  const subject =
    pod === undefined ? `deployment/${deployment?.metadata.name ?? ''}` : `pod/${pod.metadata.name}`;
  return `The Coordinator does not answer${why}. New Marbles cannot start.\nkubectl -n ${namespace} describe ${subject}`;
}

/** Where it went, as the rest of a sentence; empty when it stayed. */
function moveOf(memory: Memory & { scene: Scene }): string {
  const before = nodeBefore(memory);
  return before === undefined ? '' : ` moved from ${before} to ${nodeOf(memory.scene)}`;
}

function event(type: WatchEvent['type'], reason: WatchReason, message: string, scene: Scene): WatchEvent {
  return { type, reason, message, occasion: `${reason}/${runOf(scene)}` };
}
