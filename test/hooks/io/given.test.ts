import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { SettingsError } from '../../../hooks/core/settings.ts';
import { readGiven, type AskPassphrase, type GivenFiles } from '../../../hooks/io/given.ts';
import { encryptedFor, party } from '../core/recovery/parties.ts';
import { rejection } from '../rejection.ts';

const alice = party('alice');
const encrypted = encryptedFor(alice, Buffer.alloc(32, 1)).bytes;
const locked = { cipher: 'aes-256-cbc', passphrase: 'correct horse' };

describe('readGiven', () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'given-'));
    const { privateKey } = alice;
    await writeFile(file('secret.enc'), encrypted);
    await writeFile(
      file('recovery.json'),
      JSON.stringify({ RecoverySecrets: { alice: encrypted.toString('base64') } }),
    );
    await writeFile(file('upload.json'), '{"recoverySecret":"AAAA","recoverySecretSignature":"AAAA"}');
    await writeFile(file('empty'), '');
    await writeFile(file('secret.sig'), Buffer.of(1, 2));
    await writeFile(file('private.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await writeFile(file('locked.pem'), privateKey.export({ type: 'pkcs8', format: 'pem', ...locked }));
    await writeFile(file('passphrase'), 'correct horse\n');
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  const read = async (files: Partial<GivenFiles>, ask?: AskPassphrase) =>
    await readGiven({ secrets: [], keys: [], signatures: [], passphraseFile: undefined, ...files }, ask);

  it('reads secrets, uploads, keys and signatures', async () => {
    const given = await read({
      secrets: [file('secret.enc'), file('recovery.json'), file('upload.json')],
      keys: [file('private.pem')],
      signatures: [file('secret.sig')],
    });
    expect(given.secrets.map(({ party, bytes }) => [party, bytes])).to.deep.equal([
      [undefined, encrypted],
      ['alice', encrypted],
    ]);
    expect(given.uploads.map((upload) => upload.file)).to.deep.equal([file('upload.json')]);
    expect(given.keys.map(({ digest }) => digest)).to.deep.equal([alice.key.digest]);
    expect(given.signatures).to.deep.equal([{ file: file('secret.sig'), bytes: Buffer.of(1, 2) }]);
  });

  it('opens a key with the passphrase of a file, or with the one that a person types', async () => {
    const keys = [file('locked.pem')];
    const asked: string[] = [];
    const ask = (name: string) => Promise.resolve(asked.push(name) > 0 ? 'correct horse' : '');
    const ways = [await read({ keys, passphraseFile: file('passphrase') }, ask), await read({ keys }, ask)];
    for (const given of ways)
      expect(given.keys.map(({ digest }) => digest)).to.deep.equal([alice.key.digest]);
    expect(asked).to.deep.equal(keys);
  });

  it('names each file that cannot be used, and what to do about it', async () => {
    const error = await rejection(
      read({ secrets: [file('none'), file('empty')], keys: [file('secret.enc'), file('locked.pem')] }),
    );
    expect(error).to.be.instanceOf(SettingsError);
    const [none = '', empty = '', noKey = '', closed = ''] = error.message.split('\n');
    expect(none).to.contain(`${file('none')} cannot be read: ENOENT`);
    expect(empty).to.equal(`${file('empty')} holds no recovery secret: it is empty`);
    expect(noKey).to.contain('it is no private key in PEM');
    expect(closed).to.contain('--passphrase-file');
    const wrong = await rejection(read({ keys: [file('locked.pem')] }, () => Promise.resolve('wrong')));
    expect(wrong.message).to.contain('the passphrase does not open it');
  });
});
