import { join } from 'node:path';
import type { ExecResult } from '../lab/inside.ts';
import { builtProgram } from './built-program.ts';
import { folderOf, type Party } from './printed-commands.ts';
import type { Release } from './release.ts';

/** Recovers as a party does with a kubeconfig, what `marblerun manifest set` saved, and its private key. */
export async function recoverByHand(release: Release, party: Party, ...flags: string[]): Promise<ExecResult> {
  const { lab, namespace, name, helmVersion } = release;
  const folder = await folderOf(release, party);
  const files = ['--secret', join(folder, 'recovery.json'), '--key', join(folder, 'private.pem')];
  const args = [await builtProgram(lab), 'recover', name, '-n', namespace, ...files, ...flags];
  const env = { HELM_BIN: helmVersion === 4 ? 'helm' : 'helm3' };
  return await lab.exec(process.execPath, args, { env, reject: false, timeout: 180_000 });
}
