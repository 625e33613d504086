import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { recoveryApiAt } from '../../../hooks/io/recovery-api.ts';
import { makeChain } from '../certificates.ts';
import { problem, success, useCoordinatorApi } from '../coordinator-api.ts';
import { rejection } from '../rejection.ts';

const secret = Buffer.alloc(32, 1);
const signature = Buffer.alloc(256, 2);

describe('recoveryApiAt', () => {
  const api = useCoordinatorApi();

  const { signal } = new AbortController();
  const trusting = () => ({ ca: api.chain.root, checkServerIdentity: () => undefined });
  const recovery = () => recoveryApiAt(api.server.url, trusting());
  const upload = async () => await recovery().upload({ secret, signature }, signal);

  it('gives the key that a Coordinator from v1.9 on has secrets encrypted for', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const der = publicKey.export({ type: 'spki', format: 'der' });
    api.answers = {
      '/api/v2/recover/public-key': success({ algorithm: 'RSA', ephemeralPublicKey: der.toString('base64') }),
    };
    expect((await recovery().ephemeralKey(signal))?.export({ type: 'spki', format: 'der' })).to.deep.equal(
      der,
    );
  });

  it('gives none for a Coordinator before v1.9, and rejects where it is refused', async () => {
    api.answers = {};
    expect(await recovery().ephemeralKey(signal)).to.equal(undefined);
    api.answers = { '/api/v2/recover/public-key': problem(500, 'not in recovery mode') };
    expect((await rejection(recovery().ephemeralKey(signal))).message).to.equal(
      'it gives no key to encrypt the secret for: not in recovery mode',
    );
  });

  it('uploads a secret and its signature, and tells what remains', async () => {
    api.answers = { '/api/v2/recover': success({ remaining: 2, message: 'Remaining secrets: 2' }) };
    expect(await upload()).to.deep.equal({ taken: true, remaining: 2 });
    const [{ method, body } = { method: '', body: '' }] = api.server.received;
    expect(method).to.equal('POST');
    expect(JSON.parse(body)).to.deep.equal({
      recoverySecret: secret.toString('base64'),
      recoverySecretSignature: signature.toString('base64'),
    });
  });

  it('leaves out a signature that there is not', async () => {
    api.answers = { '/api/v2/recover': success({ remaining: 0, message: 'Recovery successful.' }) };
    expect(await recovery().upload({ secret, signature: undefined }, signal)).to.include({ remaining: 0 });
    expect(Object.keys(JSON.parse(api.server.received[0]?.body ?? '') as object)).to.deep.equal([
      'recoverySecret',
    ]);
  });

  it('says in the Coordinator’s words why a secret is refused', async () => {
    const why = 'setting recovery key: uploaded an invalid or already used secret';
    api.answers = { '/api/v2/recover': problem(500, why) };
    expect(await upload()).to.deep.equal({ taken: false, why });
    api.answers = { '/api/v2/recover': { status: 502, body: '<html>' } };
    expect(await upload()).to.deep.equal({ taken: false, why: 'HTTP 502' });
  });

  it('rejects for a Coordinator before v1.5', async () => {
    api.answers = {};
    expect((await rejection(upload())).message).to.contain('it has no API v2');
  });

  it('sends nothing to another than the one whose certificate it was given', async () => {
    const { root } = makeChain();
    const other = recoveryApiAt(api.server.url, { ...trusting(), ca: root });
    expect((await rejection(other.upload({ secret, signature }, signal))).message).to.contain('certificate');
    expect(api.server.received).to.deep.equal([]);
  });
});
