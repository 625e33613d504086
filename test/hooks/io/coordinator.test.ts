import { expect } from 'chai';
import { known, unknown } from '../../../hooks/core/known.ts';
import { readManifest } from '../../../hooks/core/manifest.ts';
import { coordinatorAt } from '../../../hooks/io/coordinator.ts';
import { fingerprintOf } from '../certificates.ts';
import { problem, success, useCoordinatorApi } from '../coordinator-api.ts';
import { rejection } from '../rejection.ts';
import type { Answer } from '../server.ts';

const manifest = JSON.stringify({
  Packages: {},
  Config: { RecoveryThreshold: 2 },
  RecoveryKeys: { alice: '-----BEGIN PUBLIC KEY-----', bob: 'x', carol: 'y' },
});
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('coordinatorAt', () => {
  const api = useCoordinatorApi();

  const signal = new AbortController().signal;
  const facts = async () => await coordinatorAt(api.server.url).facts(signal);
  const asked = () => api.server.received.map(({ path }) => path);
  const v2 = (code: number, manifestText = manifest): Record<string, Answer> => ({
    '/api/v2/status': success({ code, message: 'as it is' }),
    '/api/v2/quote': success({ cert: api.chain.intermediate + api.chain.root, quote: '' }),
    '/api/v2/manifest': success({
      manifestSignatureRootECDSA: 'MEUCIQ==',
      manifestFingerprint: 'ab'.repeat(32),
      manifest: base64(manifestText),
    }),
    '/api/v2/update': success({
      updateLog: [
        '{"time":"2026-11-02T09:30:00.000+0100","update":"Secret set","user":"alice","secret":"token"}',
        '{}',
        '',
      ],
    }),
    '/api/v2/update-manifest': success({ manifest: '', message: '', missingUsers: ['bob'] }),
  });

  it('reads state, certificates and Manifest from API v2, without leave from its certificate', async () => {
    api.answers = v2(3);
    expect(await facts()).to.deep.equal({
      state: 3,
      rootCertificate: fingerprintOf(api.chain.root),
      intermediateCertificate: fingerprintOf(api.chain.intermediate),
      manifest: { fingerprint: 'ab'.repeat(32), ...readManifest(manifest) },
      updates: known([
        { time: '2026-11-02T08:30:00.000Z', text: 'Secret set, user alice, secret token' },
        { time: '', text: 'update' },
      ]),
      pendingUpdate: known({ missingUsers: ['bob'] }),
    });
    expect(asked()).to.deep.equal([
      '/api/v2/status',
      '/api/v2/quote',
      '/api/v2/manifest',
      '/api/v2/update',
      '/api/v2/update-manifest',
    ]);
  });

  for (const [code, release] of [
    [404, 'v1.0.0'],
    [405, 'v1.4.1'],
  ] as const) {
    it(`reads the same from API v1, where v2 is answered with ${code} (${release})`, async () => {
      api.answers = {
        '/api/v2/status': problem(code, 'not here'),
        '/api/v2/quote': problem(code, 'not here'),
        '/api/v2/manifest': problem(code, 'not here'),
        '/status': success({ StatusCode: 3, StatusMessage: 'Coordinator is running correctly.' }),
        '/quote': success({ Cert: api.chain.intermediate + api.chain.root, Quote: null }),
        '/manifest': success({ ManifestSignature: 'cd'.repeat(32), Manifest: base64(manifest) }),
        '/update': success('{"time":"2023-05-04T10:00:00.000Z","update":"Initial manifest set"}\n'),
      };
      expect(await facts()).to.deep.equal({
        state: 3,
        rootCertificate: fingerprintOf(api.chain.root),
        intermediateCertificate: fingerprintOf(api.chain.intermediate),
        manifest: { fingerprint: 'cd'.repeat(32), ...readManifest(manifest) },
        updates: known([{ time: '2023-05-04T10:00:00.000Z', text: 'Initial manifest set' }]),
        pendingUpdate: known(undefined),
      });
    });
  }

  it('knows only the fingerprint where the API sends no Manifest (v0.3)', async () => {
    api.answers = {
      '/status': success({ StatusCode: 3, StatusMessage: '' }),
      '/quote': success({ Cert: api.chain.root, Quote: '' }),
      '/manifest': success({ ManifestSignature: 'cd'.repeat(32) }),
    };
    const { manifest: known03, updates } = await facts();
    expect(known03).to.include({ fingerprint: 'cd'.repeat(32), recoveryThreshold: 0 });
    expect(updates).to.deep.equal(known([]));
  });

  it('does not know what is updated where the Coordinator answers with an error', async () => {
    api.answers = {
      ...v2(3),
      '/api/v2/update': problem(500, 'internal'),
      '/update': problem(500, 'internal'),
      '/api/v2/update-manifest': problem(500, 'internal'),
    };
    const { updates, pendingUpdate } = await facts();
    expect(updates).to.deep.equal(unknown(`GET ${api.server.url}/update answered 500`));
    expect(pendingUpdate).to.deep.equal(unknown(`GET ${api.server.url}/api/v2/update-manifest answered 500`));
  });

  it('asks for no certificate in Recovery, where it is a temporary one', async () => {
    api.answers = v2(1);
    expect(await facts()).to.deep.equal({ state: 1 });
    expect(asked()).to.deep.equal(['/api/v2/status']);
  });

  it('asks for no Manifest in state 2, where there is none, nor for certificates that no start keeps', async () => {
    api.answers = { ...v2(2), '/api/v2/manifest': problem(500, 'no manifest set') };
    expect(await facts()).to.deep.equal({ state: 2 });
    expect(asked()).to.deep.equal(['/api/v2/status']);
  });

  it('takes a single certificate for the root', async () => {
    api.answers = { ...v2(3), '/api/v2/quote': success({ cert: api.chain.root, quote: '' }) };
    expect(await facts()).to.have.property('rootCertificate', fingerprintOf(api.chain.root));
    expect(await facts()).to.not.have.property('intermediateCertificate');
  });

  const thresholds: [string, object, number][] = [
    ['all keys where no threshold is set', { RecoveryKeys: { a: '', b: '' } }, 2],
    [
      'all keys where the threshold is 0',
      { RecoveryKeys: { a: '', b: '' }, Config: { RecoveryThreshold: 0 } },
      2,
    ],
    [
      'as many as the threshold says',
      { RecoveryKeys: { a: '', b: '' }, Config: { RecoveryThreshold: 1 } },
      1,
    ],
    ['none where there are no keys', { Packages: {} }, 0],
    ['none where the keys are null', { RecoveryKeys: null, Config: {} }, 0],
  ];
  for (const [title, text, expected] of thresholds) {
    it(`needs ${title}`, async () => {
      api.answers = v2(3, JSON.stringify(text));
      expect((await facts()).manifest?.recoveryThreshold).to.equal(expected);
    });
  }

  it('asks for the state alone in one request', async () => {
    api.answers = v2(3);
    expect(await coordinatorAt(api.server.url).state(signal)).to.equal(3);
    expect(asked()).to.deep.equal(['/api/v2/status']);
  });

  it('rejects with the answer when neither API tells a state', async () => {
    api.answers = {
      '/api/v2/status': problem(500, 'undefined state 0'),
      '/status': problem(500, 'undefined state 0'),
    };
    expect((await rejection(facts())).message).to.match(/\/status answered 500: .*undefined state 0/);
  });

  it('rejects when it is stopped', async () => {
    api.answers = { '/api/v2/status': 'silence' };
    const stop = AbortSignal.timeout(20);
    const error = await rejection(coordinatorAt(api.server.url).state(stop));
    expect(error.name).to.equal('AbortError');
  });
});
