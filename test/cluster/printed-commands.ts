import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unfolded } from '../support/helm-output.ts';
import type { SetManifest } from './mesh-facts.ts';
import type { Release } from './release.ts';

/**
 * Recovers the Coordinator with the very commands that the rollout hook printed, in a folder that holds what a party
 * has: the file that `marblerun manifest set --recoverydata` saves, and the private key.
 */
export async function recoverAsPrinted(
  release: Release,
  output: string,
  { key, secret }: SetManifest,
): Promise<void> {
  const folder = join(release.lab.dir, `${release.namespace}-recovery`);
  await mkdir(folder);
  const recovery = { RecoverySecrets: { owner: secret.toString('base64') } };
  await writeFile(join(folder, 'recovery.json'), JSON.stringify(recovery));
  await writeFile(join(folder, 'private.pem'), key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const lines = unfolded(output)
    .split('\n')
    .map((line) => line.trim());
  const first = lines.findIndex((line) => line.includes('port-forward pod/'));
  const end = lines.findIndex((line, index) => index > first && line.includes('/api/v2/recover'));
  const [forward = '', ...commands] = lines
    .slice(first, end + 1)
    .map((line) => line.replace('NAME', 'owner'));
  const script = [`${forward} >/dev/null &`, 'sleep 2', 'set -e', ...commands, 'kill $!'].join('\n');
  await release.lab.exec('bash', ['-c', script], { cwd: folder, timeout: 60_000 });
}
