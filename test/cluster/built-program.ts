import { join } from 'node:path';
import { bundle } from '../../release/bundle.ts';
import type { Lab } from '../lab/lab.ts';

let program: Promise<string> | undefined;

/** The program as it is built, once for all suites, in a folder of the lab: to be run outside the cluster. */
export async function builtProgram(lab: Lab): Promise<string> {
  program ??= bundle(join(lab.dir, 'program')).then(({ folder }) => join(folder, 'marblerun-hooks.mjs'));
  return await program;
}
