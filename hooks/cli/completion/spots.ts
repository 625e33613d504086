import type { Command } from '../command.ts';
import type { Completes, Option } from '../option.ts';
import { help } from '../shared-options.ts';

/** The program, as it stands on the command line. */
export const program = 'marblerun-hooks';

/** An option under each of its names. */
export interface Spelled extends Option {
  long: string;
}

/** All options that a command takes, with those that it passes on. */
export function optionsOf({ options, passedOn }: Command): Spelled[] {
  const all = { ...passedOn?.(), ...options, help };
  return Object.entries(all).map(([long, option]) => ({ ...option, long }));
}

/** What can stand where a word of the command is: that of its first argument of which something is said. */
export function wordsOf({ arguments: words }: Command): Completes | undefined {
  return words.find(({ completes }) => completes !== undefined)?.completes;
}

/** One word for the shells, whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
