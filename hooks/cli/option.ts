import { SettingsError } from '../core/settings.ts';

/** What can be typed where a value stands, for completion: any word where nothing is said. */
export type Completes = 'file' | 'folder' | readonly string[];

/** An option of one command; `Value` is what the command gets. */
export interface Option<Value = unknown> {
  /** One letter. */
  short?: string;
  /** What stands for the value in the help; undefined for a switch. */
  placeholder?: string;
  /** What it is for, in one line of prose; the default stands at its end. */
  about: string;
  completes?: Completes;
  repeatable?: boolean;
  /** What was typed, in order; empty where it was not given, `''` for a switch. Throws a SettingsError. */
  read: (typed: readonly string[], name: string) => Value;
}

/** The options of a command by their long names. */
export type Options = Readonly<Record<string, Option>>;

/** What a command gets of its options. */
export type Values<O extends Options> = {
  [Name in keyof O]: O[Name] extends Option<infer Value> ? Value : never;
};

type Looks = Pick<Option, 'short' | 'completes'>;

/** A switch. */
export function flag(about: string, looks: Looks = {}): Option<boolean> {
  return { ...looks, about, read: (typed) => typed.length > 0 };
}

/** A value that can be left out; the last one counts. An empty one is that of a variable which nobody has set. */
export function optional(placeholder: string, about: string, looks: Looks = {}): Option<string | undefined> {
  return {
    ...looks,
    placeholder,
    about,
    read: (typed, name) => {
      const value = typed.at(-1);
      if (value === '') throw new SettingsError(`${name} is empty: give a value, or leave it out`);
      return value;
    },
  };
}

/** The address of a service; it may hold a password, and so is not repeated. */
export function url(about: string): Option<string | undefined> {
  return {
    placeholder: 'URL',
    about,
    read: (typed, name) => {
      const value = typed.at(-1);
      if (value === undefined || /^https?:$/.test(URL.parse(value)?.protocol ?? '')) return value;
      throw new SettingsError(`${name} must be a URL, such as https://host.example:8443`);
    },
  };
}

/** A value that is empty where it is left out. */
export function orEmpty(placeholder: string, about: string, looks: Looks = {}): Option<string> {
  return { ...looks, placeholder, about, read: (typed) => typed.at(-1) ?? '' };
}

/** A value that can be given again and again. */
export function several(placeholder: string, about: string, looks: Looks = {}): Option<string[]> {
  return { ...looks, placeholder, about, repeatable: true, read: (typed) => [...typed] };
}

/** A value that must be given. */
export function required(placeholder: string, about: string, looks: Looks = {}): Option<string> {
  return { ...looks, placeholder, about: `${about} (required)`, read: given };
}

/** One of a few words; `standard`, or else the first one, where it is left out. */
export function choice<const Word extends string>(
  words: readonly [Word, ...Word[]],
  about: string,
  standard: Word = words[0],
): Option<Word> {
  return {
    placeholder: words.join('|'),
    about: `${about} (${standard})`,
    completes: words,
    read: (typed, name) => {
      const value = typed.at(-1) ?? standard;
      const word = words.find((one) => one === value);
      if (word === undefined) throw new SettingsError(`${name} must be ${listed(words)}, not "${value}"`);
      return word;
    },
  };
}

/** A time in seconds, above 0. */
export function seconds(standard: number, about: string): Option<number> {
  return {
    placeholder: 'SECONDS',
    about: `${about} (${standard})`,
    read: (typed, name) => {
      const value = typed.at(-1) ?? String(standard);
      const number = Number(value);
      if (Number.isFinite(number) && number > 0) return number;
      throw new SettingsError(`${name} must be a number of seconds above 0, not "${value}"`);
    },
  };
}

/** A whole number above 0; it must be given where there is no standard. */
export function count(standard: number | undefined, about: string): Option<number> {
  return {
    placeholder: 'NUMBER',
    about: `${about} (${standard ?? 'required'})`,
    read: (typed, name) => {
      const value = given(standard === undefined ? typed : [String(standard), ...typed], name);
      const number = Number(value);
      if (Number.isInteger(number) && number > 0) return number;
      throw new SettingsError(`${name} must be a whole number above 0, not "${value}"`);
    },
  };
}

function given(typed: readonly string[], name: string): string {
  const value = typed.at(-1) ?? '';
  if (value === '') throw new SettingsError(`${name} is missing`);
  return value;
}

function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
