import { benchCli } from './cli.ts';
import { benchFaults } from './faults.ts';
import { benchHooks } from './hooks.ts';
import { benchPlacement } from './placement.ts';
import { benchPlan } from './plan.ts';
import { benchPreflight } from './preflight.ts';
import { benchRollout } from './rollout.ts';

/** Each benchmark prints its figures; none judges by absolute time. One that answers false missed a limit. */
const benchmarks: Record<string, (args: readonly string[]) => Promise<boolean | undefined>> = {
  cli: benchCli,
  faults: benchFaults,
  hooks: benchHooks,
  placement: benchPlacement,
  plan: benchPlan,
  preflight: benchPreflight,
  rollout: benchRollout,
};

const [name = '', ...args] = process.argv.slice(2);
const benchmark = benchmarks[name];
if (benchmark === undefined) {
  console.error(`Usage: npm run bench -- NAME, where NAME is one of: ${Object.keys(benchmarks).join(', ')}`);
  process.exitCode = 2;
} else {
  if ((await benchmark(args)) === false) process.exitCode = 1;
}
