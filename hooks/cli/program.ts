import packageJson from '../../package.json' with { type: 'json' };
import { ExitCode } from '../core/exit-code.ts';
import { SettingsError } from '../core/settings.ts';
import { invocationOf, type Asked, type Audience, type Command, type Invocation } from './command.ts';
import { backup } from './commands/backup.ts';
import { checkManifest } from './commands/check-manifest.ts';
import { completion } from './commands/completion.ts';
import { copySealedState } from './commands/copy-sealed-state.ts';
import { plan } from './commands/plan.ts';
import { preflight } from './commands/preflight.ts';
import { putSealedState } from './commands/put-sealed-state.ts';
import { recover } from './commands/recover.ts';
import { restore } from './commands/restore.ts';
import { rollout } from './commands/rollout.ts';
import { status } from './commands/status.ts';
import { test } from './commands/test.ts';
import { watch } from './commands/watch.ts';
import { commandHelp, programHelp } from './help.ts';
import { hint } from './nearest.ts';
import { noMore } from './words.ts';
import { writeHelp } from './write-help.ts';

/** All commands, in the order of the help. A new one has its file in commands/ and its line here. */
export const commands: readonly Command[] = [
  plan,
  status,
  recover,
  backup,
  restore,
  checkManifest,
  completion,
  preflight,
  rollout,
  test,
  watch,
  copySealedState,
  putSealedState,
];

/** What is printed instead of running a command: `about` is its name, empty for the program. */
export type AskedWord = Asked & ({ command: 'help'; about: string } | { command: 'version' });

/** Reads the whole command line; throws a SettingsError that names what is wrong. */
export function readCommandLine(argv: readonly string[]): Invocation {
  const [first, ...rest] = argv;
  if (first === undefined || first === '--help' || first === '-h') return helpAbout('');
  if (first === '--version') return invocationOf<AskedWord>({ command: 'version' }, printVersion);
  if (first === 'help') {
    const [name, ...more] = rest;
    noMore(more);
    return helpAbout(name === undefined ? '' : find(name).name);
  }
  const command = find(first);
  return command.read(rest) ?? helpAbout(command.name);
}

/** Who reads what a command line ends by: whoever typed a word that is no command is a person. */
export function audienceOf([first]: readonly string[]): Audience {
  return commands.find(({ name }) => name === first)?.audience ?? 'people';
}

/** Where the reader of a usage error finds what would be right. */
export function usageOf([first]: readonly string[]): string {
  const known = commands.some(({ name }) => name === first);
  return `See marblerun-hooks ${known ? `${first ?? ''} ` : ''}--help.`;
}

function find(name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  if (name.startsWith('-')) {
    throw new SettingsError(
      `no command given: it comes before its options, and "${name}" stands in its place`,
    );
  }
  const names = [...commands.map((command) => command.name), 'help'];
  throw new SettingsError(
    `unknown command "${name}"${hint(name, names) || '; see --help for those there are'}`,
  );
}

function helpAbout(about: string): Invocation {
  return invocationOf<AskedWord>({ command: 'help', about }, async () => {
    const command = commands.find(({ name }) => name === about);
    await writeHelp((looks) =>
      command === undefined ? programHelp(commands, looks) : commandHelp(command, looks),
    );
    return ExitCode.Fine;
  });
}

async function printVersion(): Promise<ExitCode> {
  process.stdout.write(`${packageJson.version}\n`);
  return await Promise.resolve(ExitCode.Fine);
}
