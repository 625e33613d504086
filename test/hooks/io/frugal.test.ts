import { expect } from 'chai';
import { execa } from 'execa';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const frugal = pathToFileURL(join(import.meta.dirname, '..', '..', '..', 'hooks', 'io', 'frugal.ts')).href;

/** Runs a program in a process of its own and answers what it printed, as JSON. */
async function run(program: string): Promise<unknown> {
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', program]);
  return JSON.parse(stdout);
}

describe('collectEarly', () => {
  it('collects once so much was left since the last time, and not while little is', async () => {
    const counts = await run(`
      import { setTimeout as delay } from 'node:timers/promises';
      import { collectEarly } from '${frugal}';
      const counts = [];
      let collections = 0;
      globalThis.gc = () => { collections += 1; };
      const left = [];
      collectEarly();
      for (const size of [0, 500_000, 0, 500_000]) {
        left.push(Array.from({ length: size }, (_, index) => index + 0.5));
        await delay(100);
        counts.push(collections);
      }
      console.log(JSON.stringify(counts));
    `);
    expect(counts).to.deep.equal([0, 1, 1, 2]);
  });

  it('does not keep the process alive, nor needs a collector', async () => {
    const program = `
      import { collectEarly } from '${frugal}';
      collectEarly();
      console.log(JSON.stringify(typeof globalThis.gc));
    `;
    expect(await run(program)).to.equal('undefined');
    expect(await run(`globalThis.gc = () => {}; ${program}`)).to.equal('function');
  });
});
