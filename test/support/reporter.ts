import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import Mocha from 'mocha';

const { EVENT_RUN_END, EVENT_SUITE_BEGIN, EVENT_SUITE_END } = Mocha.Runner.constants;

/** What one run of Mocha came to. */
export interface Run {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The title of each test that failed, and what it said. */
  readonly failures: readonly string[];
}

/** A file of tests that takes so long is named at the end of the run. */
const longMilliseconds = 20_000;

/** More characters of a failure are told where it happened only, which is further up. */
const longFailure = 2000;

/**
 * Mocha's spec reporter, which also says where the time went, and adds a {@link Run} as a line of JSON to the file that
 * TEST_COUNTS names, so that CI can add up several runs from real results.
 */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const took = durations(runner);
    runner.once(EVENT_RUN_END, () => {
      const long = [...took].filter(([, duration]) => duration >= longMilliseconds);
      for (const [file, duration] of long.sort(([, one], [, other]) => other - one)) {
        console.log(`${(duration / 1000).toFixed(0).padStart(6)} s  ${relative('.', file)}`);
      }
      const counts = process.env.TEST_COUNTS;
      if (counts === undefined) return;
      const run: Run = {
        passed: this.stats.passes,
        failed: this.stats.failures,
        skipped: this.stats.pending,
        failures: this.failures.map(said),
      };
      appendFileSync(counts, `${JSON.stringify(run)}\n`);
    });
  }
}

function said(test: Mocha.Test): string {
  const { stack, message } = test.err ?? new Error('no word');
  return `${test.fullTitle()}\n${stack ?? message}`.slice(0, longFailure);
}

/** Milliseconds that each file has taken, hooks included, filled in while the run goes on. */
function durations(runner: Mocha.Runner): ReadonlyMap<string, number> {
  const took = new Map<string, number>();
  let begin = 0;
  const isTop = ({ parent }: Mocha.Suite): boolean => parent?.root === true;
  runner.on(EVENT_SUITE_BEGIN, (suite) => {
    if (isTop(suite)) begin = Date.now();
  });
  runner.on(EVENT_SUITE_END, (suite) => {
    const { file } = suite;
    if (isTop(suite) && file !== undefined) took.set(file, (took.get(file) ?? 0) + Date.now() - begin);
  });
  return took;
}
