import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where everything that is built or unpacked for tests is kept: outside the work tree, so that a fresh clone
 * finds it. Entries are named by version, so that two checkouts can share one folder.
 */
export const cacheDir = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'marblerun-lab');
