import { once } from 'node:events';
import { appendFile, cp } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { chartFile } from '../../release/chart.ts';
import { bothClients } from '../chart/render.ts';
import { fileServer } from '../support/file-server.ts';
import { helmOf } from './clients.ts';
import { packaged, temporary } from './release.ts';

const signer = 'Chart Tests <charts@example.com>';

/** Makes a key without a passphrase and answers the keyrings, in the old format that Helm reads. */
async function makeKey(): Promise<{ secret: string; published: string }> {
  const home = await temporary();
  const gpg = (...args: string[]) => execa('gpg', ['--homedir', home, '--batch', '--yes', ...args]);
  await gpg('--passphrase', '', '--quick-generate-key', signer, 'rsa2048', 'sign');
  const [secret, published] = [join(home, 'secret.gpg'), join(home, 'public.gpg')];
  await gpg('--output', secret, '--export-secret-keys', signer);
  await gpg('--output', published, '--export', signer);
  await execa('gpgconf', ['--homedir', home, '--kill', 'gpg-agent']);
  return { secret, published };
}

describe('The provenance of the chart', function () {
  this.timeout('30s');
  let out: string;
  let archive: string;
  let keyring: string;

  before(async function () {
    const { failed } = await execa('gpg', ['--version'], { reject: false });
    if (failed) {
      console.log('      skipped, this machine has no gpg to make a key with (Debian: gnupg)');
      this.skip();
    }
    const { secret, published } = await makeKey();
    keyring = published;
    out = await packaged(['--url', 'http://127.0.0.1', '--sign', 'Chart Tests', '--keyring', secret]);
    archive = join(out, `marblerun-coordinator-${(await chartFile()).version}.tgz`);
  });

  for (const client of bothClients) {
    it(`is verified with the key of the signer alone, with ${client}`, async () => {
      const helm = await helmOf(client);
      expect(await helm('verify', archive, '--keyring', keyring)).to.contain(signer);
      const stranger = await makeKey();
      const failure = await helm('verify', archive, '--keyring', stranger.published).catch(String);
      expect(failure).to.match(/unknown entity/);
    });

    it(`comes along with the chart over HTTP for --verify, with ${client}`, async () => {
      const server = fileServer(out).listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const chart = `${url}/marblerun-coordinator-${(await chartFile()).version}.tgz`;
        const helm = await helmOf(client);
        const rendered = await helm('template', chart, '--verify', '--keyring', keyring);
        expect(rendered).to.contain('kind: Deployment');
      } finally {
        server.close();
      }
    });
  }

  it('does not cover an archive that was changed', async () => {
    const folder = await temporary();
    await cp(out, folder, { recursive: true });
    const changed = join(folder, archive.replace(/.*\//, ''));
    await appendFile(changed, '\n');
    const helm = await helmOf('helm4');
    const failure = await helm('verify', changed, '--keyring', keyring).catch(String);
    expect(failure).to.match(/sha256 sum does not match/);
  });
});
