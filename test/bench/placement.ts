import { parseArgs } from 'node:util';
import { startLab } from '../lab/lab.ts';
import { playSeeds } from '../placement/seeds.ts';
import { summary } from '../placement/summary.ts';
import type { Played } from '../placement/play.ts';

/** Scenarios that are played before their wrong ones are said. */
const batch = 500;

/**
 * Plays `--scenarios` placements from `--seed` on against the real scheduler, and prints the wrong ones with their seeds
 * and the distribution of the verdicts. Answers false when one is wrong or more than 2 % are unknown.
 */
export async function benchPlacement(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: { scenarios: { type: 'string', default: '10000' }, seed: { type: 'string', default: '100000' } },
  });
  const [count, first] = [Number(values.scenarios), Number(values.seed)];
  const lab = await startLab({
    onProgress: (line) => {
      console.log(`lab: ${line}`);
    },
  });
  const played: Played[] = [];
  try {
    while (played.length < count) {
      const size = Math.min(batch, count - played.length);
      const start = first + played.length;
      const next = await playSeeds(
        lab,
        Array.from({ length: size }, (_, index) => start + index),
      );
      played.push(...next);
      const wrong = next.filter(({ mismatch }) => mismatch !== undefined);
      for (const each of wrong) console.log(`seed ${each.seed}: ${JSON.stringify(each, undefined, 2)}`);
      console.log(`${played.length} of ${count} played`);
    }
  } finally {
    await lab.down();
  }
  console.log(summary(played));
  const unknown = played.filter(({ verdict }) => verdict.kind === 'unknown').length;
  const wrong = played.some(({ mismatch }) => mismatch !== undefined);
  return !wrong && unknown <= 0.02 * played.length;
}
