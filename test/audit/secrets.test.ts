import { expect } from 'chai';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Secrets } from './secrets.ts';

const bytes = randomBytes(16);
const password = 'correct horse "battery" staple';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const recoveryFile = JSON.stringify({ secret: bytes.toString('base64') });

const secrets = new Secrets();
secrets.add('the bytes', bytes);
secrets.add('the password', password);
secrets.addKey('the key', privateKey);

/** The base64 of the bytes behind some others. */
function behind(count: number): string {
  return Buffer.concat([Buffer.alloc(count, 'x'), bytes, Buffer.from('yz')]).toString('base64');
}

const leaks: [string, string, string][] = [
  ['text', `password=${password}`, 'the password'],
  ['text in JSON', JSON.stringify({ password }), 'the password'],
  ['text in base64', Buffer.from(password).toString('base64'), 'the password'],
  ['bytes in base64', `"${bytes.toString('base64')}"`, 'the bytes'],
  ['bytes in the URL alphabet', `?secret=${bytes.toString('base64url')}`, 'the bytes'],
  ['bytes in base64, behind one more', behind(1), 'the bytes'],
  ['bytes in base64, behind two more', behind(2), 'the bytes'],
  ['bytes in base64, behind three more', behind(3), 'the bytes'],
  ['bytes in hex', `key: ${bytes.toString('hex')};`, 'the bytes'],
  ['bytes in capital hex', bytes.toString('hex').toUpperCase(), 'the bytes'],
  ['a file with the secret, in base64', Buffer.from(recoveryFile).toString('base64'), 'the bytes'],
  ['a private key as PEM', pem, 'the key'],
  ['one line of its PEM', pem.split('\n').at(-4) ?? '', 'the key'],
  ['its PEM in JSON', JSON.stringify({ pem }), 'the key'],
  [
    'its PEM in base64',
    Buffer.from(privateKey.export({ type: 'pkcs1', format: 'der' })).toString('base64'),
    'the key',
  ],
];

describe('Secrets', () => {
  for (const [title, text, name] of leaks) {
    it(`finds ${title}`, () => {
      expect(secrets.leaks('a log', `before\n${text}\nafter`)).to.deep.equal([
        { secret: name, place: 'a log' },
      ]);
    });
  }

  it('does not take the public key, or other random text, for a leak', () => {
    const text = [publicKey.export({ type: 'spki', format: 'pem' }), randomBytes(4096).toString('base64')];
    expect(secrets.find(text.join('\n'))).to.deep.equal([]);
  });

  it('refuses what is too short to be told apart', () => {
    expect(() => {
      secrets.add('the PIN', '1234');
    }).to.throw('the PIN is too short');
  });

  it('looks through ten megabytes in a few seconds', function () {
    this.timeout(10_000);
    expect(secrets.find(randomBytes(7_500_000).toString('base64'))).to.deep.equal([]);
  });
});
