import { built, coordinatorProgram } from '../lab/programs.ts';
import { Judge, type Judgement, type Version } from './judge.ts';

/** How many Coordinators run at once. */
const benches = 4;

/** What a Coordinator is asked for a case, and whether it is as new afterwards. */
export type Question<T> = (judge: Judge, each: T) => Promise<{ judgement: Judgement; asNew: boolean }>;

/** Builds a Coordinator, or skips the suite with the reason where that cannot be done. */
export async function needCoordinators(suite: Mocha.Context, ...versions: Version[]): Promise<void> {
  // A first build takes minutes.
  suite.timeout(900_000);
  try {
    for (const version of versions) await built(coordinatorProgram(version), console.log);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== 'ENOENT') throw error;
    console.log('    A Coordinator is built with Go, which is not on PATH.');
    suite.skip();
  }
}

/** Has each case judged by a Coordinator that holds nothing yet; one that has taken a Manifest is replaced. */
export async function judgeAll<T>(
  cases: readonly T[],
  ask: Question<T>,
  version: Version,
): Promise<Map<T, Judgement>> {
  const judgements = new Map<T, Judgement>();
  const waiting = [...cases];
  const work = async () => {
    let judge: Judge | undefined;
    try {
      for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) {
        judge ??= await Judge.start(version);
        const { judgement, asNew } = await ask(judge, each);
        judgements.set(each, judgement);
        if (asNew) continue;
        await judge.stop();
        judge = undefined;
      }
    } finally {
      await judge?.stop();
    }
  };
  await Promise.all(Array.from({ length: benches }, work));
  return judgements;
}
