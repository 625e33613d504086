import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runnable, Suite } from 'mocha';
import type { AuditedRequest } from '../lab/audit.ts';

/** What one run of cluster suites shows of the rights of the hooks. */
export interface RunNotes {
  readonly requests: readonly AuditedRequest[];
  /** Namespaces in which a test took rights away. */
  readonly fewerRights: readonly string[];
  /** Files of which every test ran and passed. */
  readonly passed: readonly string[];
}

/**
 * The folder where runs that share the suites leave their notes, for one comparison of all of them (CI); undefined where one
 * run has all suites.
 */
export const notesFolder = process.env.RIGHTS_NOTES;

/** Leaves the notes of this run there. */
export async function leaveNotes(folder: string, notes: RunNotes): Promise<void> {
  await writeFile(join(folder, `${process.pid}.json`), JSON.stringify(notes));
}

/** The notes of all runs. */
export async function readNotes(folder: string): Promise<RunNotes[]> {
  const files = await readdir(folder);
  return await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as RunNotes),
  );
}

/** The files of which every test has passed by now. */
export function passedFiles(root: Suite): string[] {
  const files = new Set(root.suites.flatMap(({ file }) => file ?? []));
  return [...files].filter((file) => {
    const tests = root.suites.filter((suite) => suite.file === file).flatMap(testsOf);
    return tests.length > 0 && tests.every(({ state }) => state === 'passed');
  });
}

/** The suite that holds all others of the run, found from a test or a hook of it. */
export function rootOf(runnable: Runnable | undefined): Suite {
  let suite = runnable?.parent;
  while (suite?.parent !== undefined) suite = suite.parent;
  if (suite === undefined) throw new Error('it is asked for while no test runs');
  return suite;
}

function testsOf(suite: Suite): Suite['tests'] {
  return [...suite.tests, ...suite.suites.flatMap(testsOf)];
}
