import { chooseCopy, type NamedCopy, type Slot } from '../backup/ring.ts';
import { valueOf } from '../known.ts';
import { CoordinatorState, stateName } from '../states.ts';
import type { StatusFacts } from '../status-view/facts.ts';
import { speakerOf } from '../watch/scene.ts';
import { interrupted, type RestoreNote } from './note.ts';

/** What a person asked for. */
export interface RestoreWish {
  /** The Secret; empty for the newest copy, or that of the restore that was interrupted. */
  copy: string;
  replace: boolean;
}

/** Why nothing is done, or what is done and what that means. */
export type RestoreDecision =
  { kind: 'refuse'; lines: string[] } | { kind: 'restore'; note: RestoreNote; lines: string[] };

/** Whether a copy is put back, and which. A state that the Coordinator holds is put aside only when that is wished. */
export function decideRestore(
  facts: StatusFacts,
  slots: readonly Slot[],
  wish: RestoreWish,
): RestoreDecision {
  const before = interrupted(facts.deployment);
  const chosen = chooseCopy(slots, wish.copy === '' ? (before?.copy ?? '') : wish.copy);
  if (chosen === undefined) return { kind: 'refuse', lines: noCopy(slots, wish.copy, facts.namespace) };
  const note: RestoreNote = {
    replicas: before?.replicas ?? formerReplicas(facts),
    copy: chosen.name,
    replace: wish.replace || before?.replace === true,
  };
  const state = before === undefined ? heldState(facts) : undefined;
  if (state !== undefined && !note.replace) {
    const aside =
      'To put the copy in its place, give --replace: the other state is kept beside it on the volume.';
    return { kind: 'refuse', lines: [state, aside, 'Nothing was changed.'] };
  }
  return {
    kind: 'restore',
    note,
    lines: [
      ...(before === undefined ? [] : ['A restore was interrupted here. This finishes it.']),
      `The copy in ${titleOf(chosen)} is put onto the volume of ${facts.release} in namespace ${facts.namespace}.`,
      ...(state === undefined ? [] : [state, ...lost(chosen, facts)]),
      'The Coordinator is stopped meanwhile. Marbles that run go on running; none can start.',
      afterwards(chosen),
    ],
  };
}

/** One for a Coordinator that somebody has stopped already. */
function formerReplicas({ deployment: { spec } }: StatusFacts): number {
  const { replicas = 1 } = spec;
  return replicas === 0 ? 1 : replicas;
}

/** What speaks for a sealed state on the volume; undefined where the Coordinator has none, or none runs. */
function heldState(facts: StatusFacts): string | undefined {
  const answer = speakerOf(facts)?.coordinator;
  if (answer?.state === CoordinatorState.AcceptingManifest) return undefined;
  if (answer !== undefined)
    return `The Coordinator holds a state: it is in state ${stateName(answer.state)}.`;
  if (!facts.pods.known) return `Whether the Coordinator holds a state is not known: ${facts.pods.why}.`;
  const running = facts.pods.value.some(({ status }) => status?.phase === 'Running');
  return running ? 'The Coordinator runs, but does not say whether it holds a state.' : undefined;
}

function lost({ copy: { note } }: NamedCopy, facts: StatusFacts): string[] {
  const inForce =
    speakerOf(facts)?.coordinator.manifest?.fingerprint ?? valueOf(facts.record)?.manifestFingerprint;
  const own = note.manifestFingerprint;
  const other = own !== undefined && inForce !== undefined && own !== inForce;
  return [
    `Lost to it is what came after ${note.time}: Manifest updates, uploaded secrets, counted activations.`,
    ...(other ? ['The copy was made under another Manifest than the one in force.'] : []),
    'The files of now stay on the volume, as sealed_data.before-restore-TIME and sealed_key.before-restore-TIME.',
  ];
}

function afterwards({ copy: { note } }: NamedCopy): string {
  const recovery = 'it has to be recovered with the recovery secrets';
  if (note.keySha256 === undefined) return `The copy has no key: afterwards ${recovery}.`;
  const node = note.node === '' ? 'the node that sealed it' : `node ${note.node}`;
  return `The copy has the key that the CPU of ${node} sealed: there the Coordinator may open it, elsewhere ${recovery}.`;
}

function titleOf({ name, copy: { note } }: NamedCopy): string {
  return `secret/${name} (${note.time}, Coordinator ${note.coordinatorVersion}, SHA-256 ${note.dataSha256.slice(0, 12)})`;
}

function noCopy(slots: readonly Slot[], wanted: string, namespace: string): string[] {
  const names = slots.filter(({ kind }) => kind === 'copy').map(({ name }) => name);
  return [
    wanted === ''
      ? `There is no copy of a sealed state in namespace ${namespace}.`
      : `There is no copy in secret/${wanted} in namespace ${namespace}.`,
    ...(names.length === 0 ? [] : [`Copies are in ${names.join(', ')}.`]),
    'Nothing was changed.',
  ];
}
