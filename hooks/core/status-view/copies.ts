import { stateSource } from '../backup/source.ts';
import { valueOf } from '../known.ts';
import { containerName } from '../watch/scene.ts';
import type { StatusFacts } from './facts.ts';
import { notKnown, plain, type Section } from './rows.ts';

/** A copy of the sealed state as the metadata of its Secret tell of it; whether it is whole only its content would. */
export interface SeenCopy {
  secret: string;
  /** RFC 3339; empty where it does not say, as the rest. */
  time: string;
  coordinatorVersion: string;
  node: string;
}

/** How many copies of the sealed state there are, the newest, and the command that puts it back. */
export function copiesSection(facts: StatusFacts): Section {
  const { copies, deployment } = facts;
  const title = 'Copies of the sealed state';
  if (!copies.known) return { title, rows: [notKnown('Copies', copies.why)] };
  const newest = newestOf(copies.value);
  if (newest === undefined) {
    const source = stateSource(deployment.spec.template.spec, containerName);
    const why = source.known
      ? 'the next upgrade of a mesh makes one, or marblerun-hooks backup'
      : `${source.why}, and only what is on a volume is copied`;
    return { title, rows: [plain('Copies', `none: ${why}`)] };
  }
  return {
    title,
    rows: [
      plain('Copies', String(copies.value.length)),
      plain('Newest', described(newest)),
      plain('To put it back', restoreCommand(facts)),
    ],
  };
}

function newestOf(copies: readonly SeenCopy[]): SeenCopy | undefined {
  return copies.toSorted((a, b) => (a.time < b.time ? -1 : 1)).at(-1);
}

function described({ secret, time, coordinatorVersion, node }: SeenCopy): string {
  const of = [
    ...(time === '' ? [] : [time]),
    ...(coordinatorVersion === '' ? [] : [`Coordinator ${coordinatorVersion}`]),
    ...(node === '' ? [] : [`sealed on ${node}`]),
  ];
  return of.length === 0 ? `secret/${secret}` : `${of.join(', ')}, in secret/${secret}`;
}

/** The next step of whoever has lost the state; undefined where no copy is seen. */
export function restoreStep(facts: StatusFacts): string | undefined {
  const copies = valueOf(facts.copies) ?? [];
  return copies.length === 0 ? undefined : restoreCommand(facts);
}

/** What puts the newest copy back, or finishes a restore that was interrupted. */
export function restoreCommand({ namespace, release }: StatusFacts): string {
  return `marblerun-hooks restore ${release} -n ${namespace}`;
}
