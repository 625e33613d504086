import { SettingsError } from '../core/settings.ts';
import { hint } from './nearest.ts';
import type { Options, Values } from './option.ts';
import { help } from './shared-options.ts';

/** What was typed after a command's name. */
export interface Typed<O extends Options> {
  values: Values<O>;
  /** What is no option, in order. */
  words: readonly string[];
}

/**
 * Reads the words after a command's name by the options that it has; undefined where they ask for help. Throws a
 * SettingsError that names what is wrong, and the option that may have been meant.
 */
export function readWords<O extends Options>(
  command: string,
  options: O,
  words: readonly string[],
): Typed<O> | undefined {
  if (asksForHelp(words)) return undefined;
  // Not imported above: a help text, which needs none of it, would take a tenth longer.
  const { parseArgs } = process.getBuiltinModule('node:util');
  const all: Options = { ...options, help };
  const config = { args: [...words], options: forNode(all), allowPositionals: true, tokens: true } as const;
  const { tokens } = parseArgs({ ...config, strict: false });
  for (const token of tokens) if (token.kind === 'option') refuseWrong(command, all, token);
  const { values, positionals } = strictly(() => parseArgs(config));
  const read = Object.entries(options).map(([name, option]) => [
    name,
    option.read(typed(values[name]), `--${name}`),
  ]);
  return { values: Object.fromEntries(read) as Values<O>, words: positionals };
}

/** No value of an option is such a word, unless it is written after `=`. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? words.length : end).some((word) => word === '--help' || word === '-h');
}

/** Throws a SettingsError for what is left over. */
export function noMore(rest: readonly string[]): void {
  if (rest.length > 0) throw new SettingsError(`unexpected argument "${rest.join(' ')}"`);
}

function refuseWrong(
  command: string,
  options: Options,
  token: { name: string; rawName: string; value?: string | undefined },
): void {
  const { name, rawName, value } = token;
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) {
    const names = Object.keys(options).map((long) => `--${long}`);
    throw new SettingsError(`${command} has no option ${rawName}${hint(rawName, names)}`);
  }
  if (option.placeholder === undefined && value !== undefined)
    throw new SettingsError(`${rawName} takes no value`);
  if (option.placeholder !== undefined && value === undefined)
    throw new SettingsError(`${rawName} needs a value`);
}

function forNode(options: Options) {
  const entries = Object.entries(options).map(([name, { placeholder, short }]) => {
    const type = placeholder === undefined ? ('boolean' as const) : ('string' as const);
    return [name, { type, multiple: true, ...(short === undefined ? {} : { short }) }] as const;
  });
  return Object.fromEntries(entries);
}

function strictly<T>(parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new SettingsError((cause as Error).message, { cause });
  }
}

function typed(values: readonly (string | boolean)[] | undefined): string[] {
  return (values ?? []).map((value) => (typeof value === 'string' ? value : ''));
}
