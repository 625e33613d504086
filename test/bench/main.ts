import { benchHooks } from './hooks.ts';
import { benchPreflight } from './preflight.ts';

/** Each benchmark prints its figures; none judges by absolute time. One that answers false missed a limit. */
const benchmarks: Record<string, () => Promise<boolean | undefined>> = {
  hooks: benchHooks,
  preflight: benchPreflight,
};

const [name = ''] = process.argv.slice(2);
const benchmark = benchmarks[name];
if (benchmark === undefined) {
  console.error(`Usage: npm run bench -- NAME, where NAME is one of: ${Object.keys(benchmarks).join(', ')}`);
  process.exitCode = 2;
} else {
  if ((await benchmark()) === false) process.exitCode = 1;
}
