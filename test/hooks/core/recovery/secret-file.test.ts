import { expect } from 'chai';
import { readSecretFile } from '../../../../hooks/core/recovery/secret-file.ts';

const alice = Buffer.alloc(256, 7);
const bob = Buffer.alloc(256, 9);
const secrets = { alice: alice.toString('base64'), bob: bob.toString('base64') };
const both = [
  { file: 'recovery.json', party: 'alice', bytes: alice },
  { file: 'recovery.json', party: 'bob', bytes: bob },
];

/** Title, what the file holds. */
const several: [string, object][] = [
  ['the file that marblerun manifest set saves', { RecoverySecrets: secrets }],
  [
    'the Coordinator’s answer to a Manifest',
    { status: 'success', data: { RecoverySecrets: secrets }, message: null },
  ],
  [
    'the Coordinator’s answer to an update',
    { status: 'success', data: { recoverySecrets: secrets, missingUsers: [] } },
  ],
  ['the secrets alone', secrets],
];

describe('a file with recovery secrets', () => {
  for (const [title, document] of several) {
    it(`may be ${title}`, () => {
      const content = Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
      expect(readSecretFile('recovery.json', content)).to.deep.equal({ secrets: both });
    });
  }

  it('may be one secret as it is', () => {
    const one = { secrets: [{ file: 'secret.enc', party: undefined, bytes: alice }] };
    expect(readSecretFile('secret.enc', alice)).to.deep.equal(one);
  });

  it('may be one secret that begins as JSON does', () => {
    const bytes = Buffer.concat([Buffer.from('{'), Buffer.alloc(255, 0xc1)]);
    const one = { secrets: [{ file: 'secret.enc', party: undefined, bytes }] };
    expect(readSecretFile('secret.enc', bytes)).to.deep.equal(one);
  });

  it('may be one secret in base64, on several lines', () => {
    const lines = alice.toString('base64').replaceAll(/.{64}/g, '$&\n');
    const one = { secrets: [{ file: 'secret.b64', party: undefined, bytes: alice }] };
    expect(readSecretFile('secret.b64', Buffer.from(lines))).to.deep.equal(one);
  });

  it('may be the upload that a party without access hands out', () => {
    const body = {
      recoverySecret: alice.toString('base64'),
      recoverySecretSignature: bob.toString('base64'),
    };
    const upload = { file: 'upload.json', secret: alice, signature: bob };
    expect(readSecretFile('upload.json', Buffer.from(JSON.stringify(body)))).to.deep.equal({ upload });
  });

  it('is refused when it is empty, has no secrets, or has some that are no base64', () => {
    const read = (text: string) => () => readSecretFile('f', Buffer.from(text));
    expect(read('')).to.throw(SyntaxError, 'it is empty');
    expect(read('{}')).to.throw(SyntaxError, 'it has no RecoverySecrets');
    expect(read('{"RecoverySecrets":null}')).to.throw(SyntaxError, 'it has no RecoverySecrets');
    expect(read('{"RecoverySecrets":{"alice":"%"}}')).to.throw(
      SyntaxError,
      'the secret of alice is no base64',
    );
    expect(read('{"recoverySecret":"AAAA"}')).to.throw(SyntaxError, 'recoverySecretSignature is no base64');
    expect(read('{')).to.throw(SyntaxError);
  });
});
