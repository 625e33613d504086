import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Mocha from 'mocha';
import { leaveNotes, passedFiles, readNotes, rootOf } from './run-notes.ts';

type State = 'passed' | 'failed' | undefined;

/** A run of files, with what became of their tests; the last one is in a suite inside the suite. */
function runOf(files: Record<string, State[]>): Mocha.Suite {
  const { suite: root } = new Mocha();
  for (const [file, states] of Object.entries(files)) {
    const suite = Mocha.Suite.create(root, file);
    suite.file = file;
    const inner = Mocha.Suite.create(suite, 'inner');
    inner.file = file;
    states.forEach((state, index) => {
      const test = new Mocha.Test(`test ${index}`);
      if (state !== undefined) test.state = state;
      (index === states.length - 1 ? inner : suite).addTest(test);
    });
  }
  return root;
}

describe('the notes of a run', () => {
  it('name the files of which every test passed', () => {
    const root = runOf({
      'whole.test.ts': ['passed', 'passed'],
      'failed.test.ts': ['passed', 'failed'],
      'skipped.test.ts': ['passed', undefined],
      'empty.test.ts': [],
    });
    expect(passedFiles(root)).to.deep.equal(['whole.test.ts']);
  });

  it('find the run from a test deep in it', () => {
    const root = runOf({ 'a.test.ts': ['passed'] });
    expect(rootOf(root.suites[0]?.suites[0]?.tests[0])).to.equal(root);
    expect(() => rootOf(undefined)).to.throw('it is asked for while no test runs');
  });

  it('are read as they were left', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'notes-'));
    const notes = { requests: [], fewerRights: ['mr-1'], passed: ['a.test.ts'] };
    await leaveNotes(folder, notes);
    expect(await readNotes(folder)).to.deep.equal([notes]);
    await rm(folder, { recursive: true });
  });
});
