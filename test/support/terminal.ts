import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import type { Start } from '../lab/inside.ts';

/** A program in a pseudo terminal of its own, which `script` of util-linux makes. */
export interface Terminal {
  /** Types at it, as a person does. */
  type: (text: string) => void;
  /** All that it has written so far. */
  written: () => string;
  /** Waits until it has written this, without what steers the terminal; fails with what it has written. */
  until: (pattern: RegExp, milliseconds?: number) => Promise<string>;
  /** Waits until it has ended, and answers with its exit code. */
  ended: Promise<number | null>;
  /** Ends it. */
  close: () => void;
}

/** How a program is started in a terminal. */
export interface TerminalOptions {
  columns?: number;
  env?: Record<string, string>;
  cwd?: string;
  /** Puts the terminal into a lab. */
  inside?: (...command: string[]) => Start;
}

function started([file = '', ...args]: string[]): Start {
  return { file, args, env: {} };
}

/** Starts a shell's command line in a terminal of so many columns. */
export function openTerminal(
  line: string,
  { columns = 80, env = {}, cwd, inside = (...command) => started(command) }: TerminalOptions = {},
): Terminal {
  const command = `stty cols ${columns} rows 40; exec ${line}`;
  const start = inside('script', '--quiet', '--return', '--command', command, '/dev/null');
  const own = { PATH: process.env.PATH, HOME: process.env.HOME, TERM: 'xterm', SHELL: '/bin/sh' };
  const child = spawn(start.file, start.args, { stdio: 'pipe', cwd, env: { ...own, ...start.env, ...env } });
  let all = '';
  child.stdout.on('data', (bytes: Buffer) => (all += bytes.toString()));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return {
    type: (text) => void child.stdin.write(text),
    written: () => all,
    until: async (pattern, milliseconds = 15_000) => {
      const end = performance.now() + milliseconds;
      while (performance.now() < end) {
        const seen = stripVTControlCharacters(all);
        if (pattern.test(seen)) return seen;
        await sleep(20);
      }
      throw new Error(`the terminal never showed ${String(pattern)}, but: ${JSON.stringify(all)}`);
    },
    ended,
    close: () => void child.kill('SIGKILL'),
  };
}
