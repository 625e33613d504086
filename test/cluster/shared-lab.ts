import { expect } from 'chai';
import type { Context, RootHookObject, Suite } from 'mocha';
import { leaveNotes, notesFolder, passedFiles, rootOf, type RunNotes } from '../audit/run-notes.ts';
import { secrets } from '../audit/secrets.ts';
import { missingForLab, startLab, type Lab } from '../lab/lab.ts';
import { keepPodLogs } from '../lab/pod-logs.ts';
import { withFewerRights } from './fewer-rights.ts';
import { SecretScan } from './secret-scan.ts';

let started: Promise<{ lab: Lab; scan: SecretScan }> | undefined;
let up = false;

/**
 * The lab that all cluster suites of one run share, started by the first that asks. Call it inside `describe`; the
 * answer gives the lab once the suite runs. On a machine that cannot run a cluster the suite is skipped with the
 * reason, or fails where REQUIRE_CLUSTER is set. After the suite, and before {@link afterwards} cleans up, no secret may
 * stand in anything that it left.
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
    started ??= start();
    lab = (await started).lab;
    up = true;
  });
  after('no secret leaked', async function (this: Context) {
    this.timeout('1m');
    if (lab !== undefined) expect(await (await started)?.scan.leaks(lab)).to.deep.equal([]);
  });
  return () => {
    if (lab === undefined) throw new Error('the lab is there only while the tests of its suite run');
    return lab;
  };
}

async function start(): Promise<{ lab: Lab; scan: SecretScan }> {
  const scan = new SecretScan(secrets);
  const lab = await startLab({
    onProgress: (line) => {
      console.log(`      lab: ${line}`);
    },
    onPrinted: (printed) => {
      scan.hear(printed);
    },
  });
  keepPodLogs(lab.dir);
  return { lab, scan };
}

/** What this run shows of rights so far, for what looks back at it; undefined when no suite has needed a lab. */
export async function notesOfThisRun(root: Suite): Promise<RunNotes | undefined> {
  const lab = (await started)?.lab;
  return lab === undefined ? undefined : await notesOf(lab, root);
}

async function notesOf(lab: Lab, root: Suite): Promise<RunNotes> {
  return { requests: await lab.audit(), fewerRights: withFewerRights(), passed: passedFiles(root) };
}

/** Cleans up after a suite, unless it was skipped because there is no lab. */
export function afterwards(cleanUp: () => Promise<void>): void {
  after('the suite cleans up', async () => {
    if (up) await cleanUp();
  });
}

/** Takes the shared lab down after the last suite; what other runs share the suites with it gets its notes. */
export const mochaHooks: RootHookObject = {
  async afterAll(this: Context) {
    this.timeout('2m');
    const lab = (await started?.catch(() => undefined))?.lab;
    try {
      if (lab !== undefined && notesFolder !== undefined)
        await leaveNotes(notesFolder, await notesOf(lab, rootOf(this.test)));
    } finally {
      await lab?.down();
    }
  },
};
