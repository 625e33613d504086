import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unfolded } from '../support/helm-output.ts';
import { documentedCommands, runDocumented } from './documented-commands.ts';
import type { SetManifest } from './mesh-facts.ts';
import type { Release } from './release.ts';

/** A party of a recovery: the name of its RecoveryKey in the Manifest, and what it has. */
export interface Party extends Pick<SetManifest, 'key' | 'secret'> {
  readonly name: string;
}

/**
 * Runs, for one party, the very commands that the rollout hook printed last, in a folder that holds what a party has.
 * Answers what the Coordinator said.
 */
export async function recoverAsPrinted(
  release: Release,
  output: string,
  { name, key, secret }: Party,
): Promise<string> {
  const folder = await folderOf(release, { name, key, secret });
  const lines = unfolded(output)
    .split('\n')
    .map((line) => line.trim());
  const first = lines.findLastIndex((line) => line.includes('port-forward pod/'));
  const end = lines.findIndex((line, index) => index > first && line === 'rm secret');
  const [forward = '', ...commands] = lines.slice(first, end + 1).map((line) => line.replace('NAME', name));
  const script = [`${forward} >/dev/null &`, 'sleep 2', 'set -e', ...commands, 'kill $!'].join('\n');
  return (await release.lab.exec('bash', ['-c', script], { cwd: folder, timeout: 60_000 })).all;
}

/** Recovers as docs/recovery.md says for a party that somebody else uploads the secret of. */
export async function recoverAsDocumented(release: Release, party: Party): Promise<string> {
  const [open = '', prepare = '', upload = ''] = await documentedCommands(
    'docs/recovery.md',
    'Several parties',
    release,
  );
  const commands = [open, prepare.replace('NAME', party.name), upload, 'kill %1'];
  return await runDocumented(release, commands.join('\n'), await folderOf(release, party));
}

/** A folder with what a party has: the file that `marblerun manifest set --recoverydata` saves, and its private key. */
export async function folderOf({ lab, namespace }: Release, { name, key, secret }: Party): Promise<string> {
  const folder = join(lab.dir, `${namespace}-recovery-${name}`);
  await mkdir(folder, { recursive: true });
  const recovery = { RecoverySecrets: { [name]: secret.toString('base64') } };
  await writeFile(join(folder, 'recovery.json'), JSON.stringify(recovery));
  await writeFile(join(folder, 'private.pem'), key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return folder;
}
