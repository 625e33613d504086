import type { Context, RootHookObject } from 'mocha';
import { missingForLab, startLab, type Lab } from '../lab/lab.ts';

let started: Promise<Lab> | undefined;
let up = false;

/**
 * The lab that all cluster suites of one run share, started by the first that asks. Call it inside `describe`; the
 * answer gives the lab once the suite runs. On a machine that cannot run a cluster the suite is skipped with the
 * reason, or fails where REQUIRE_CLUSTER is set.
 */
export function useLab(): () => Lab {
  let lab: Lab | undefined;
  before('the lab is up', async function (this: Context) {
    this.timeout('40m');
    const missing = await missingForLab();
    if (missing.length > 0 && process.env.REQUIRE_CLUSTER !== '1') {
      console.log(`      skipped, this machine cannot run the lab: ${missing.join('; ')}`);
      this.skip();
    }
    started ??= startLab({
      onProgress: (line) => {
        console.log(`      lab: ${line}`);
      },
    });
    lab = await started;
    up = true;
  });
  return () => {
    if (lab === undefined) throw new Error('the lab is there only while the tests of its suite run');
    return lab;
  };
}

/** Cleans up after a suite, unless it was skipped because there is no lab. */
export function afterwards(cleanUp: () => Promise<void>): void {
  after('the suite cleans up', async () => {
    if (up) await cleanUp();
  });
}

/** Takes the shared lab down after the last suite. */
export const mochaHooks: RootHookObject = {
  async afterAll(this: Context) {
    this.timeout('2m');
    const lab = await started?.catch(() => undefined);
    await lab?.down();
  },
};
