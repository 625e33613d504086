import { parseArgs } from 'node:util';
import { SettingsError } from './core/settings.ts';

/** What the command line asks for. */
export type Invocation =
  | { command: 'help' | 'version' }
  | { command: 'preflight' | 'rollout'; config: string; format: 'text' | 'json' }
  | { command: 'watch'; coordinator: string; intervalSeconds: number };

/** Reads the arguments; throws a SettingsError that names what is wrong. */
export function readArguments(argv: readonly string[]): Invocation {
  const { values, positionals } = parsed(argv);
  if (values.help === true || argv.length === 0) return { command: 'help' };
  if (values.version === true) return { command: 'version' };
  const [command, ...rest] = positionals;
  if (rest.length > 0) throw new SettingsError(`unexpected argument "${rest.join(' ')}"`);
  switch (command) {
    case 'preflight':
    case 'rollout':
      return { command, config: required('--config', values.config), format: formatOf(values.output) };
    case 'watch':
      return {
        command,
        coordinator: required('--coordinator', values.coordinator),
        intervalSeconds: secondsOf(values.interval),
      };
    default:
      throw new SettingsError(
        command === undefined
          ? 'no command given'
          : `unknown command "${command}"; see --help for those there are`,
      );
  }
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        coordinator: { type: 'string' },
        interval: { type: 'string', default: '5' },
        output: { type: 'string', default: 'text' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (cause) {
    throw new SettingsError((cause as Error).message, { cause });
  }
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new SettingsError(`${name} is missing`);
  return value;
}

function formatOf(value: string): 'text' | 'json' {
  if (value === 'text' || value === 'json') return value;
  throw new SettingsError(`--output must be text or json, not "${value}"`);
}

function secondsOf(value: string): number {
  const seconds = Number(value);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new SettingsError(`--interval must be a number of seconds above 0, not "${value}"`);
}
