import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { expect } from 'chai';
import {
  opened,
  readPrivateKey,
  sealedFor,
  signatureOf,
} from '../../../../hooks/core/recovery/private-key.ts';
import { party } from './parties.ts';

const owner = party('owner');
const other = party('other');
const secret = Buffer.alloc(32, 5);
const passphrase = 'correct horse';

describe('the private key of a party', () => {
  const locked = { cipher: 'aes-256-cbc', passphrase };
  /** Title, the key as it is in a file, whether it takes the passphrase. */
  const forms: [string, string | Buffer, boolean][] = [
    ['PKCS #8', owner.privateKey.export({ type: 'pkcs8', format: 'pem' }), false],
    ['PKCS #1', owner.privateKey.export({ type: 'pkcs1', format: 'pem' }), false],
    ['PKCS #8 with a passphrase', owner.privateKey.export({ type: 'pkcs8', format: 'pem', ...locked }), true],
    ['PKCS #1 with a passphrase', owner.privateKey.export({ type: 'pkcs1', format: 'pem', ...locked }), true],
  ];
  for (const [form, pem, needsPassphrase] of forms) {
    it(`is read from ${form}`, () => {
      const content = Buffer.from(pem);
      const read = readPrivateKey('owner.pem', content, needsPassphrase ? passphrase : undefined);
      expect(read.is).to.equal('key');
      const der = owner.publicKey.export({ type: 'spki', format: 'der' });
      if (read.is === 'key') expect(read.key.digest).to.equal(createHash('sha256').update(der).digest('hex'));
      if (!needsPassphrase) return;
      expect(readPrivateKey('owner.pem', content, undefined)).to.deep.equal({ is: 'locked' });
      const why = 'the passphrase does not open it';
      expect(readPrivateKey('owner.pem', content, 'wrong')).to.deep.equal({ is: 'refused', why });
    });
  }

  it('is refused by its passphrase also where a wrong one seems to open it, as one of 256 does', () => {
    const pem = Buffer.from(owner.privateKey.export({ type: 'pkcs1', format: 'pem', ...locked }));
    const tries = Array.from({ length: 1500 }, (_, index) =>
      readPrivateKey('owner.pem', pem, `wrong ${index}`),
    );
    const said = new Set(tries.map((read) => (read.is === 'refused' ? read.why : read.is)));
    expect([...said]).to.deep.equal(['the passphrase does not open it']);
  });

  it('is refused where it is none, or for something else than RSA', () => {
    const why = 'it is no private key in PEM (PKCS #8 or PKCS #1)';
    expect(readPrivateKey('f', Buffer.from('hello'), undefined)).to.deep.equal({ is: 'refused', why });
    const publicPem = Buffer.from(owner.publicKey.export({ type: 'spki', format: 'pem' }));
    expect(readPrivateKey('f', publicPem, undefined)).to.deep.equal({ is: 'refused', why });
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    expect(readPrivateKey('f', pem, undefined)).to.deep.equal({
      is: 'refused',
      why: 'it is a key for ed25519, and a RecoveryKey is an RSA key',
    });
  });

  it('opens what was encrypted for it, and nothing else', () => {
    const encrypted = sealedFor(owner.publicKey, secret);
    expect(opened(owner.key, encrypted)).to.deep.equal(secret);
    expect(opened(other.key, encrypted)).to.equal(undefined);
    expect(opened(owner.key, secret)).to.equal(undefined);
  });

  it('signs so that its public key verifies it', () => {
    const signature = signatureOf(owner.key, secret);
    expect(verify('sha256', secret, owner.publicKey, signature)).to.equal(true);
    expect(verify('sha256', secret, other.publicKey, signature)).to.equal(false);
  });
});
