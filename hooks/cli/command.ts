import { ExitCode } from '../core/exit-code.ts';
import type { Completes, Options, Values } from './option.ts';
import { readWords } from './words.ts';

/** Who runs a command: a person, or an object of the chart. */
export type Audience = 'people' | 'chart';

/** A word after the command's name. */
export interface Argument {
  /** As it stands in the help; in brackets where it can be left out. */
  name: string;
  about: string;
  completes?: Completes;
}

/** A command line that works, and what it is for. */
export interface Example {
  does: string;
  /** What stands after `marblerun-hooks`. */
  line: string;
}

/** What `--help` and completion say of a command. */
export interface Description {
  name: string;
  audience: Audience;
  /** Half a line for the list of commands. */
  summary: string;
  /** What it does; one paragraph each. */
  about: readonly string[];
  arguments: readonly Argument[];
  options: Options;
  /** Options that it passes on to another program, whose help tells of them. */
  passedOn?: () => Options;
  examples: readonly Example[];
  /** What its exit codes mean, where that is more than what they mean for all commands. */
  exitCodes?: Readonly<Record<number, string>>;
}

/** What the exit codes mean for all commands. */
export const exitCodes: Readonly<Record<number, string>> = {
  [ExitCode.Fine]: 'fine, or warnings only',
  [ExitCode.Blocked]: 'a finding blocks, or a person must act',
  [ExitCode.Usage]: 'wrong settings or usage',
  [ExitCode.Unknown]: 'could not find out (API unreachable, deadline)',
  [ExitCode.Stopped]: 'stopped, to be run again',
};

/** What is asked for; each command adds its own. */
export interface Asked {
  command: string;
}

/** A command line that has been understood. */
export interface Invocation {
  asked: Asked;
  /** Ends early with the signal. */
  run: (stop: AbortSignal) => Promise<ExitCode>;
}

/** One command: the one place that says what it is, what it takes and what runs. */
export interface Command extends Description {
  /** What the words after its name ask for; undefined where they ask for help. Throws a SettingsError. */
  read: (words: readonly string[]) => Invocation | undefined;
}

/** What is written for a new command. */
export interface Declaration<O extends Options, A extends Asked> extends Description {
  options: O;
  /** Puts together what is asked for. Throws a SettingsError. */
  ask: (values: Values<O>, words: readonly string[]) => A;
  /** Loads what does the work only then: how soon a command starts is how it feels. */
  run: (asked: A, stop: AbortSignal) => Promise<ExitCode>;
}

/** Makes a command that reads its words by the options that it declares. */
export function declare<O extends Options, A extends Asked>(declaration: Declaration<O, A>): Command {
  const { ask, run, ...description } = declaration;
  return {
    ...description,
    read: (words) => {
      const typed = readWords(description.name, description.options, words);
      return typed && invocationOf(ask(typed.values, typed.words), run);
    },
  };
}

/** Ties what is asked for to what runs. */
export function invocationOf<A extends Asked>(asked: A, run: Declaration<Options, A>['run']): Invocation {
  return { asked, run: async (stop) => await run(asked, stop) };
}
