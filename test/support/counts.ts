import { readFileSync } from 'node:fs';
import type { Run } from './reporter.ts';

/**
 * Prints the failures of the runs that the reporter noted, which may be thousands of lines further up, and last their sum,
 * as CI reads it; fails when there was no run.
 */
const [file = ''] = process.argv.slice(2);
const runs = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Run);
for (const failure of runs.flatMap(({ failures }) => failures)) console.log(`\nFailed: ${failure}`);
const sum = (key: 'passed' | 'failed' | 'skipped') => runs.reduce((total, run) => total + run[key], 0);
const skipped = sum('skipped') === 0 ? '' : `, ${sum('skipped')} skipped`;
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped}`);
if (runs.length === 0 || sum('failed') > 0) process.exitCode = 1;
