import { parseArgs } from 'node:util';
import type { Suffered } from '../faults/play.ts';
import { FaultGround, tally, told } from '../faults/seeds.ts';
import { startLab } from '../lab/lab.ts';

/** Runs after which the wrong ones are said. */
const batch = 200;
const meshCount = 10;

/** Plays `--runs` rollouts with faults from `--seed` on, and prints the wrong ones. Answers false when there is one. */
export async function benchFaults(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: { runs: { type: 'string', default: '2000' }, seed: { type: 'string', default: '100000' } },
  });
  const [count, first] = [Number(values.runs), Number(values.seed)];
  const note = (line: string): void => {
    console.log(`lab: ${line}`);
  };
  const lab = await startLab({ onProgress: note });
  const played: Suffered[] = [];
  try {
    const ground = await FaultGround.prepare(lab, Math.min(meshCount, count), note);
    while (played.length < count) {
      const start = first + played.length;
      const size = Math.min(batch, count - played.length);
      const next = await ground.play(Array.from({ length: size }, (_, index) => start + index));
      played.push(...next);
      for (const each of next.filter(({ problems }) => problems.length > 0)) console.log(told(each));
      console.log(`${String(played.length)} of ${String(count)} played`);
    }
  } finally {
    await lab.down();
  }
  console.log(tally(played));
  return played.every(({ problems }) => problems.length === 0);
}
