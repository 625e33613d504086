import { benchHooks } from './hooks.ts';

/** Each benchmark prints its figures; none judges by absolute time. */
const benchmarks: Record<string, () => Promise<void>> = { hooks: benchHooks };

const [name = ''] = process.argv.slice(2);
const benchmark = benchmarks[name];
if (benchmark === undefined) {
  console.error(`Usage: npm run bench -- NAME, where NAME is one of: ${Object.keys(benchmarks).join(', ')}`);
  process.exitCode = 2;
} else {
  await benchmark();
}
