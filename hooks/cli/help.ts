import { wrapped } from '../core/wrap.ts';
import { exitCodes, type Audience, type Command, type Description } from './command.ts';
import type { Option } from './option.ts';
import { help } from './shared-options.ts';

/** How a help text looks. */
export interface HelpLooks {
  /** No line is longer, but for one that is a single word. */
  width: number;
  /** A heading, as it is printed. */
  heading: (words: string) => string;
}

/** A term, and what it is. */
type Entry = readonly [term: string, about: string];

/** Where what is said of a term begins at most; a longer term has a line of its own. */
const widestTerm = 26;

/** Where lines are narrower, what is said of a term stands below it. */
const narrow = 60;

const audiences: Readonly<Record<Audience, string>> = {
  people: 'Commands for people',
  chart: 'Commands that the chart runs',
};

/** What `marblerun-hooks --help` prints. */
export function programHelp(commands: readonly Command[], looks: HelpLooks): string {
  const group = (audience: Audience): string[] =>
    section(
      audiences[audience],
      commands.filter((command) => command.audience === audience).map(({ name, summary }) => [name, summary]),
      looks,
    );
  return text([
    usage('COMMAND [OPTIONS]', looks),
    paragraph('Keeps an update of the MarbleRun Coordinator from costing the mesh its state.', looks),
    group('people'),
    group('chart'),
    section(
      'Options',
      [
        ['-h, --help', 'print this help; marblerun-hooks COMMAND --help prints that of a command'],
        ['--version', 'print the version of this program'],
      ],
      looks,
    ),
    section('Exit codes', Object.entries(exitCodes), looks),
  ]);
}

/** What `marblerun-hooks COMMAND --help` prints. */
export function commandHelp(command: Description, looks: HelpLooks): string {
  const { name, about, options, examples } = command;
  const words = [name, ...command.arguments.map((argument) => argument.name), '[OPTIONS]'];
  return text([
    usage(words.join(' '), looks),
    ...about.map((one) => paragraph(one, looks)),
    section(
      'Arguments',
      command.arguments.map((argument) => [argument.name, argument.about]),
      looks,
    ),
    section('Options', Object.entries({ ...options, help }).map(optionEntry), looks),
    [
      looks.heading('Examples:'),
      ...examples.flatMap(({ does, line }) => [
        ...indented(`# ${does}`, 2, looks),
        ...broken(`marblerun-hooks ${line}`, looks),
      ]),
    ],
    section('Exit codes', Object.entries({ ...exitCodes, ...command.exitCodes }), looks),
  ]);
}

function text(parts: readonly (readonly string[])[]): string {
  const filled = parts.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function usage(words: string, { width, heading }: HelpLooks): string[] {
  const start = 'Usage: ';
  const [first = '', ...more] = wrapped(`marblerun-hooks ${words}`, width - start.length);
  return [`${heading('Usage:')} ${first}`, ...more.map((line) => ' '.repeat(start.length) + line)];
}

function paragraph(words: string, { width }: HelpLooks): string[] {
  return wrapped(words, width);
}

function optionEntry([name, { short, placeholder, about }]: readonly [string, Option]): Entry {
  const value = placeholder === undefined ? '' : ` ${placeholder}`;
  return [`${short === undefined ? '    ' : `-${short}, `}--${name}${value}`, about];
}

function section(title: string, entries: readonly Entry[], looks: HelpLooks): string[] {
  if (entries.length === 0) return [];
  const column = Math.min(widestTerm, Math.max(...entries.map(([term]) => term.length)));
  return [looks.heading(`${title}:`), ...entries.flatMap((entry) => entryLines(entry, column, looks))];
}

function entryLines([term, about]: Entry, column: number, looks: HelpLooks): string[] {
  if (looks.width < narrow) return [`  ${term}`, ...indented(about, 6, looks)];
  const [first = '', ...more] = indented(about, column + 4, looks);
  const beside = `  ${term.padEnd(column)}  ${first.trimStart()}`;
  return term.length > column ? [`  ${term}`, first, ...more] : [beside, ...more];
}

function indented(words: string, by: number, { width }: HelpLooks): string[] {
  return wrapped(words, width - by).map((line) => ' '.repeat(by) + line);
}

/** A command line, broken so that a shell takes it as it stands. */
function broken(line: string, { width }: HelpLooks): string[] {
  const parts = wrapped(line, width - 6);
  return parts.map((part, index) => {
    const start = index === 0 ? '  ' : '    ';
    return start + part + (index === parts.length - 1 ? '' : ' \\');
  });
}
