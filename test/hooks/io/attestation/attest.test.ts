import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { attest, type AttestOptions, type Attested } from '../../../../hooks/io/attestation/attest.ts';
import { agentThrough } from '../../../../hooks/io/port-forward.ts';
import { pinnedTo } from '../../../../hooks/io/attestation/pinned.ts';
import { send } from '../../../../hooks/io/http.ts';
import { serveCoordinator, type CoordinatorOptions } from '../../attestation/coordinator.ts';
import { expected, makeMachine, type Machine } from '../../attestation/machine.ts';
import { servePccs } from '../../attestation/pccs.ts';
import { makeChain, type Chain } from '../../certificates.ts';
import { forwardingServer } from '../../forwarding-server.ts';
import type { TestServer } from '../../server.ts';
import { TestClock } from '../../test-clock.ts';

const now = Date.UTC(2026, 10, 26);

describe('attest', () => {
  let machine: Machine;
  let chain: Chain;
  let pccs: TestServer;
  let folder: string;

  before(async () => {
    machine = makeMachine({ now });
    chain = makeChain();
    pccs = await servePccs(machine);
    folder = mkdtempSync(join(tmpdir(), 'attest-'));
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await pccs.close();
  });

  const ask = async (url: string, changes: Partial<AttestOptions> = {}): Promise<Attested> =>
    await attest({
      ...{ url, agent: undefined, expected, insecure: false, collateral: { pccs: pccs.url } },
      ...{ clock: new TestClock(Infinity, now), signal: new AbortController().signal },
      ...{ trustAnchor: machine.root.der, ...changes },
    });

  const attestOne = async (
    options: CoordinatorOptions = {},
    changes: Partial<AttestOptions> = {},
  ): Promise<Attested> => {
    const coordinator = await serveCoordinator(chain, { machine, ...options });
    try {
      return await ask(coordinator.url, changes);
    } finally {
      await coordinator.close();
    }
  };

  const expectRefused = (attested: Attested, ...patterns: RegExp[]) => {
    expect(attested).to.deep.include({ ok: false, because: 'refused' });
    const { reasons } = attested as { reasons: string[] };
    expect(reasons).to.have.length(patterns.length);
    for (const [index, pattern] of patterns.entries()) expect(reasons[index]).to.match(pattern);
  };

  it('vouches for the expected enclave, and for the certificate that its connections have', async () => {
    const agent = new Agent({ keepAlive: true });
    const coordinator = await serveCoordinator(chain, { machine });
    const attested = await ask(coordinator.url, { agent });
    expect(attested).to.deep.include({ ok: true, how: 'enclave', warnings: [] });
    const { root } = attested as { root: X509Certificate };
    expect(root.raw).to.deep.equal(new X509Certificate(chain.root).raw);
    const { status } = await send({
      url: `${coordinator.url}/quote`,
      ...{ method: 'GET', agent, rejectUnauthorized: false, peer: pinnedTo(root), timeoutMilliseconds: 5000 },
    });
    expect(status).to.equal(200);
    agent.destroy();
    await coordinator.close();
  });

  it('asks for a quote with a nonce of its own each time', async () => {
    const coordinator = await serveCoordinator(chain, { machine });
    await ask(coordinator.url);
    await ask(coordinator.url);
    const paths = coordinator.received.map(({ path }) => path);
    expect(paths).to.have.length(2);
    expect(new Set(paths).size).to.equal(2);
    await coordinator.close();
  });

  for (const v1 of [404, 405] as const) {
    it(`attests a Coordinator without API v2, which answers ${v1}`, async () => {
      expect(await attestOne({ v1 })).to.deep.include({ ok: true, how: 'enclave' });
    });
  }

  it('takes the collateral from a file', async () => {
    const file = join(folder, 'collateral.json');
    writeFileSync(file, JSON.stringify(machine.collateral));
    expect(await attestOne({}, { collateral: { file } })).to.deep.include({ ok: true, how: 'enclave' });
  });

  it('refuses another enclave, with everything that differs', async () => {
    const other = { signerId: '99'.repeat(32), securityVersion: 1 };
    expectRefused(await attestOne({ enclave: other }), /^SignerID/, /^SecurityVersion/);
  });

  it('refuses an old quote', async () => {
    let old: Buffer | undefined;
    const change = (quote: Buffer) => (old ??= quote).toString('base64');
    expect(await attestOne({ change })).to.have.property('ok', true);
    expectRefused(await attestOne({ change }), /may be an old quote/);
  });

  it('refuses a man in the middle, who hands on certificate and quote of the Coordinator', async () => {
    const { key, root: cert } = makeChain();
    for (const cert2 of [cert, cert + chain.root]) {
      expectRefused(await attestOne({ tls: { key, cert: cert2 } }), /leads to another certificate/);
    }
  });

  it('refuses a Marble in the middle, whose certificate the Coordinator has signed', async () => {
    const tls = { key: chain.intermediateKey, cert: chain.intermediate };
    expectRefused(await attestOne({ tls }), /leads to another certificate/);
  });

  it('refuses a man in the middle, who hands on the quote with a certificate of his own', async () => {
    const coordinator = await serveCoordinator(makeChain(), { machine, quoted: chain.root });
    expectRefused(await ask(coordinator.url), /not made for the certificate/);
    await coordinator.close();
  });

  it('refuses an enclave where nobody said which it has to be, with --insecure too', async () => {
    for (const insecure of [false, true]) {
      expectRefused(
        await attestOne({}, { expected: undefined, insecure }),
        /nobody said in which.*--era-config/,
      );
    }
  });

  it('attests an enclave with --insecure too', async () => {
    const other = { signerId: '99'.repeat(32) };
    expectRefused(await attestOne({ enclave: other }, { insecure: true }), /^SignerID/);
    expect(await attestOne({}, { insecure: true })).to.have.property('how', 'enclave');
  });

  const without: [string, CoordinatorOptions][] = [
    ['an empty quote', { machine: undefined }],
    ['an empty quote of API v1', { machine: undefined, v1: 405 }],
    ['null as its quote', { machine: undefined, change: () => null }],
  ];
  for (const [title, options] of without) {
    it(`takes a Coordinator for a simulation that answers with ${title}`, async () => {
      expectRefused(await attestOne(options), /without an enclave \(simulation\).*give --insecure/);
      const attested = await attestOne(options, { insecure: true, expected: undefined });
      expect(attested).to.deep.include({ ok: true, how: 'simulation' });
      expect(attested).to.have.property('warnings').with.length(1);
      expect((attested as { root: X509Certificate }).root.raw).to.deep.equal(
        new X509Certificate(chain.root).raw,
      );
    });
  }

  it('refuses a man in the middle of a simulation, with --insecure too', async () => {
    const { key, root: cert } = makeChain();
    const attested = await attestOne({ machine: undefined, tls: { key, cert } }, { insecure: true });
    expectRefused(attested, /leads to another certificate/);
  });

  it('refuses what is no quote', async () => {
    expectRefused(await attestOne({ change: () => 'T0VfVU5TVVBQT1JURUQ=' }), /its quote is none/);
  });

  it('attests through the API server, as from a laptop', async () => {
    const coordinator = await serveCoordinator(chain, { machine });
    const { config, close } = await forwardingServer(Number(new URL(coordinator.url).port));
    const agent = agentThrough(config, { namespace: 'marblerun', pod: 'c-0', port: 4433 });
    expect(await ask('https://10.244.1.7:4433', { agent })).to.deep.include({ ok: true, how: 'enclave' });
    agent.destroy();
    close();
    await coordinator.close();
  });
});
