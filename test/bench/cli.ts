import { spawnSync } from 'node:child_process';
import { median, print } from './figures.ts';

const runs = 41;
/** How much longer than an empty Node process a help text may take. */
const limit = 1.5;

/** The command lines, and what they are called in the table. */
const helps: readonly (readonly [name: string, argv: readonly string[]])[] = [
  ['--help', ['--help']],
  ['plan --help', ['plan', '--help']],
  ['status --help', ['status', '--help']],
];

/** How soon a person sees a help text, against an empty Node process in turn. Answers false where the limit is missed. */
export function benchCli(): Promise<boolean> {
  const empty: number[] = [];
  const taken = helps.map((): number[] => []);
  for (let run = 0; run < runs; run++) {
    empty.push(milliseconds(['-e', '0']));
    for (const [index, [, argv]] of helps.entries())
      taken[index]?.push(milliseconds(['dist/marblerun-hooks.mjs', ...argv]));
  }
  const base = median(empty);
  print('empty Node process', `${base.toFixed(0)} ms`);
  const within = helps.map(([name], index) => {
    const time = median(taken[index] ?? []);
    print(name, `${time.toFixed(0)} ms, ${(time / base).toFixed(2)} x (at most ${limit} x)`);
    return time <= base * limit;
  });
  return Promise.resolve(!within.includes(false));
}

function milliseconds(argv: readonly string[]): number {
  const begin = performance.now();
  const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${String(status)}: ${stderr}`);
  return performance.now() - begin;
}
