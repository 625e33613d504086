import { readFileSync } from 'node:fs';

/** Prints the sum of the runs that the counting reporter noted, as CI reads it; fails when there were none. */
const [file = ''] = process.argv.slice(2);
const runs = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Record<'passed' | 'failed' | 'skipped', number>);
const sum = (key: 'passed' | 'failed' | 'skipped') => runs.reduce((total, run) => total + run[key], 0);
const skipped = sum('skipped') === 0 ? '' : `, ${sum('skipped')} skipped`;
console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped}`);
if (runs.length === 0 || sum('failed') > 0) process.exitCode = 1;
