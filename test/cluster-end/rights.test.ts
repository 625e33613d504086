import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Context, Suite } from 'mocha';
import { accountsIn, compareRights, userOf, type Account, type Binding } from '../audit/rights.ts';
import { notesFolder, readNotes, rootOf, type RunNotes } from '../audit/run-notes.ts';
import { render } from '../chart/render.ts';
import { notesOfThisRun } from '../cluster/shared-lab.ts';
import type { AuditedRequest } from '../lab/lab.ts';

const clusterTests = join(import.meta.dirname, '..', 'cluster');

describe('the rights of the hooks, in the audit log of all cluster suites', function () {
  this.timeout('1m');
  let requests: AuditedRequest[];
  let accounts: Account[];
  let passed: Set<string>;

  before(async function (this: Context) {
    const runs = await allRuns(rootOf(this.test));
    if (runs.length === 0) {
      console.log('      skipped: no cluster suite ran before');
      this.skip();
    }
    requests = runs.flatMap((run) => run.requests).filter((request) => !isOfLeftBehind(request));
    passed = new Set(runs.flatMap((run) => run.passed));
    const fewer = new Set(runs.flatMap(({ fewerRights }) => fewerRights));
    const bindings = (await render()).filter(({ kind }) => kind.endsWith('Binding')) as unknown as Binding[];
    const names = bindings.flatMap(({ subjects = [] }) => subjects.map(({ name }) => name));
    accounts = accountsIn(requests, new Set(names)).filter(({ namespace }) => !fewer.has(namespace));
    const asked = new Set(requests.map(({ user }) => user));
    const used = accounts.filter((account) => asked.has(userOf(account)));
    console.log(`      ${requests.length} requests noted, ${used.length} accounts of hooks`);
  });

  it('cover all that the hooks asked for', () => {
    expect(compareRights(requests, accounts).withoutGrant).to.deep.equal([]);
  });

  it('are all needed', function () {
    const { unused } = compareRights(requests, accounts);
    const files = readdirSync(clusterTests).filter((file) => file.endsWith('.test.ts'));
    const missing = files.filter((file) => !passed.has(join(clusterTests, file)));
    if (missing.length > 0) {
      console.log(`      skipped, not all cluster suites ran and passed: ${missing.join(', ')}`);
      console.log(`      not needed by those that ran: ${unused.join('; ')}`);
      this.skip();
    }
    expect(unused).to.deep.equal([]);
  });
});

async function allRuns(root: Suite): Promise<RunNotes[]> {
  if (notesFolder !== undefined) return await readNotes(notesFolder);
  const notes = await notesOfThisRun(root);
  return notes === undefined ? [] : [notes];
}

/** Helm takes an anchor's rights away a moment before its pod goes: what it asks in between is refused, and no lack. */
function isOfLeftBehind({ user, code }: AuditedRequest): boolean {
  return code === 403 && user.endsWith(':marblerun-coordinator-anchor');
}
