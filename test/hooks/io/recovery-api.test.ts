import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { recoveryApiAt } from '../../../hooks/io/recovery-api.ts';
import { makeChain, type Chain } from '../certificates.ts';
import { rejection } from '../rejection.ts';
import { serve, type Answer, type TestServer } from '../server.ts';

const success = (data: unknown): Answer => ({ status: 200, body: { status: 'success', data } });
const problem = (status: number, message: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: `${JSON.stringify({ status: 'error', data: null, message })}\n`,
});
const secret = Buffer.alloc(32, 1);
const signature = Buffer.alloc(256, 2);

describe('recoveryApiAt', () => {
  let chain: Chain;
  let server: TestServer;
  let answers: Record<string, Answer>;

  before(async () => {
    chain = makeChain();
    const tls = { key: chain.key, cert: chain.root };
    server = await serve(({ path }) => answers[path] ?? problem(405, 'method not allowed'), tls);
  });
  beforeEach(() => {
    server.received.length = 0;
  });
  after(() => server.close());

  const { signal } = new AbortController();
  const trusting = () => ({ ca: chain.root, checkServerIdentity: () => undefined });
  const api = () => recoveryApiAt(server.url, trusting());
  const upload = async () => await api().upload({ secret, signature }, signal);

  it('gives the key that a Coordinator from v1.9 on has secrets encrypted for', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const der = publicKey.export({ type: 'spki', format: 'der' });
    answers = {
      '/api/v2/recover/public-key': success({ algorithm: 'RSA', ephemeralPublicKey: der.toString('base64') }),
    };
    expect((await api().ephemeralKey(signal))?.export({ type: 'spki', format: 'der' })).to.deep.equal(der);
  });

  it('gives none for a Coordinator before v1.9, and rejects where it is refused', async () => {
    answers = {};
    expect(await api().ephemeralKey(signal)).to.equal(undefined);
    answers = { '/api/v2/recover/public-key': problem(500, 'not in recovery mode') };
    expect((await rejection(api().ephemeralKey(signal))).message).to.equal(
      'it gives no key to encrypt the secret for: not in recovery mode',
    );
  });

  it('uploads a secret and its signature, and tells what remains', async () => {
    answers = { '/api/v2/recover': success({ remaining: 2, message: 'Remaining secrets: 2' }) };
    expect(await upload()).to.deep.equal({ taken: true, remaining: 2 });
    const [{ method, body } = { method: '', body: '' }] = server.received;
    expect(method).to.equal('POST');
    expect(JSON.parse(body)).to.deep.equal({
      recoverySecret: secret.toString('base64'),
      recoverySecretSignature: signature.toString('base64'),
    });
  });

  it('leaves out a signature that there is not', async () => {
    answers = { '/api/v2/recover': success({ remaining: 0, message: 'Recovery successful.' }) };
    expect(await api().upload({ secret, signature: undefined }, signal)).to.include({ remaining: 0 });
    expect(Object.keys(JSON.parse(server.received[0]?.body ?? '') as object)).to.deep.equal([
      'recoverySecret',
    ]);
  });

  it('says in the Coordinator’s words why a secret is refused', async () => {
    const why = 'setting recovery key: uploaded an invalid or already used secret';
    answers = { '/api/v2/recover': problem(500, why) };
    expect(await upload()).to.deep.equal({ taken: false, why });
    answers = { '/api/v2/recover': { status: 502, body: '<html>' } };
    expect(await upload()).to.deep.equal({ taken: false, why: 'HTTP 502' });
  });

  it('rejects for a Coordinator before v1.5', async () => {
    answers = {};
    expect((await rejection(upload())).message).to.contain('it has no API v2');
  });

  it('sends nothing to another than the one whose certificate it was given', async () => {
    const other = makeChain();
    const api = recoveryApiAt(server.url, { ...trusting(), ca: other.root });
    expect((await rejection(api.upload({ secret, signature }, signal))).message).to.contain('certificate');
    expect(server.received).to.deep.equal([]);
  });
});
