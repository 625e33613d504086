import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Context, Suite } from 'mocha';
import { accountsIn, compareRights, userOf, type Account, type Binding } from '../audit/rights.ts';
import { render } from '../chart/render.ts';
import { hasFewerRights } from '../cluster/fewer-rights.ts';
import { labOfThisRun } from '../cluster/shared-lab.ts';
import type { AuditedRequest } from '../lab/lab.ts';

const clusterTests = join(import.meta.dirname, '..', 'cluster');

describe('the rights of the hooks, in the audit log of all cluster suites', function () {
  this.timeout('1m');
  let requests: AuditedRequest[];
  let accounts: Account[];

  before(async function (this: Context) {
    const lab = await labOfThisRun();
    if (lab === undefined) {
      console.log('      skipped: no cluster suite ran before');
      this.skip();
    }
    requests = (await lab.audit()).filter((request) => !isOfLeftBehind(request));
    const bindings = (await render()).filter(({ kind }) => kind.endsWith('Binding')) as unknown as Binding[];
    const names = bindings.flatMap(({ subjects = [] }) => subjects.map(({ name }) => name));
    accounts = accountsIn(requests, new Set(names)).filter(({ namespace }) => !hasFewerRights(namespace));
    const asked = new Set(requests.map(({ user }) => user));
    const used = accounts.filter((account) => asked.has(userOf(account)));
    console.log(`      ${requests.length} requests noted, ${used.length} accounts of hooks`);
  });

  it('cover all that the hooks asked for', () => {
    expect(compareRights(requests, accounts).withoutGrant).to.deep.equal([]);
  });

  it('are all needed', function () {
    const { unused } = compareRights(requests, accounts);
    const missing = notPassed(this.test?.parent ?? undefined);
    if (missing.length > 0) {
      console.log(`      skipped, not all cluster suites ran and passed: ${missing.join(', ')}`);
      console.log(`      not needed by those that ran: ${unused.join('; ')}`);
      this.skip();
    }
    expect(unused).to.deep.equal([]);
  });
});

/** Helm takes an anchor's rights away a moment before its pod goes: what it asks in between is refused, and no lack. */
function isOfLeftBehind({ user, code }: AuditedRequest): boolean {
  return code === 403 && user.endsWith(':marblerun-coordinator-anchor');
}

/** The files of cluster tests of which not every test ran and passed in this run. */
function notPassed(suite: Suite | undefined): string[] {
  let root = suite;
  while (root?.parent !== undefined) root = root.parent;
  const files = readdirSync(clusterTests).filter((file) => file.endsWith('.test.ts'));
  return files.filter((file) => {
    const suites = (root?.suites ?? []).filter((each) => each.file === join(clusterTests, file));
    const tests = suites.flatMap(testsOf);
    return tests.length === 0 || !tests.every(({ state }) => state === 'passed');
  });
}

function testsOf(suite: Suite): Suite['tests'] {
  return [...suite.tests, ...suite.suites.flatMap(testsOf)];
}
