import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { attest, type AttestOptions, type Attested } from '../../../../hooks/io/attestation/attest.ts';
import { serveCoordinator } from '../../attestation/coordinator.ts';
import { enclave, makeMachine, type Machine } from '../../attestation/machine.ts';
import { servePccs } from '../../attestation/pccs.ts';
import { makeChain, type Chain } from '../../certificates.ts';
import { rejection } from '../../rejection.ts';
import { serve, type Answer, type TestServer } from '../../server.ts';
import { TestClock } from '../../test-clock.ts';

const now = Date.UTC(2026, 10, 26);
const expected = { ...enclave, uniqueId: '', acceptedTcbStatuses: [], acceptedAdvisories: [] };
const pathOf = (rest: string) => `/sgx/certification/v4/${rest}`;

describe('attest, where it cannot be found out,', () => {
  let machine: Machine;
  let chain: Chain;
  let folder: string;

  before(() => {
    machine = makeMachine({ now });
    chain = makeChain();
    folder = mkdtempSync(join(tmpdir(), 'attest-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const ask = async (url: string, changes: Partial<AttestOptions>): Promise<Attested> =>
    await attest({
      ...{ url, agent: undefined, expected, insecure: false, collateral: { pccs: undefined } },
      ...{ clock: new TestClock(Infinity, now), signal: new AbortController().signal },
      ...{ trustAnchor: machine.root.der, ...changes },
    });

  const expectUnknown = (attested: Attested, pattern: RegExp) => {
    expect(attested).to.deep.include({ ok: false, because: 'unknown' });
    const { reasons } = attested as { reasons: string[] };
    expect(reasons).to.have.length(1);
    expect(reasons[0]).to.match(pattern);
  };

  const answers: [string, Answer, RegExp][] = [
    ['nothing', 'hangUp', /^GET https.*api\/v2\/quote failed: /],
    ['an error', { status: 500, body: { message: 'busy' } }, /^GET .*v2\/quote answered 500: .*busy/],
    ['what is not JSON', { status: 200, body: '<html>' }, /answered with what is no quote of a Coordinator$/],
    ['JSON of another kind', { status: 200, body: {} }, /answered with what is no quote of a Coordinator$/],
    [
      'no certificate',
      { status: 200, body: { data: { cert: '', quote: '' } } },
      /answered with no certificate$/,
    ],
  ];
  for (const [title, answer, problem] of answers) {
    it(`says so of a Coordinator that answers with ${title}`, async () => {
      const server = await serve(() => answer, { key: chain.key, cert: chain.root });
      expectUnknown(await ask(server.url, {}), problem);
      await server.close();
    });
  }

  const withPccs = async (other: Record<string, Answer>): Promise<Attested> => {
    const servers: TestServer[] = [
      await serveCoordinator(chain, { machine }),
      await servePccs(machine, { other }),
    ];
    const [coordinator, pccs] = servers;
    const attested = await ask(coordinator?.url ?? '', { collateral: { pccs: pccs?.url } });
    for (const server of servers) await server.close();
    return attested;
  };

  const pccsAnswers: [string, Record<string, Answer>, RegExp][] = [
    [
      'does not know the machine',
      { [pathOf('tcb?fmspc=00A067110000')]: { status: 404 } },
      /could not be fetched: GET .*tcb\?fmspc=00A067110000 answered 404.*--pccs URL.*--collateral FILE/,
    ],
    ['breaks off', { [pathOf('qe/identity')]: 'half' }, /could not be fetched: GET .*qe\/identity failed/],
    [
      'leaves out who signed',
      { [pathOf('qe/identity')]: { status: 200, body: '{}' } },
      /could not be fetched: the answer has no header sgx-enclave-identity-issuer-chain/,
    ],
  ];
  for (const [title, other, problem] of pccsAnswers) {
    it(`says so of a PCCS that ${title}`, async () => {
      expectUnknown(await withPccs(other), problem);
    });
  }

  it('sends a PCCS the password and the token of its URL, and says neither', async () => {
    const coordinator = await serveCoordinator(chain, { machine });
    for (const answer of [{ status: 404 }, 'hangUp'] as const) {
      const pccs = await serve(() => answer);
      const url = `${pccs.url.replace('//', '//me:hunter2@')}?token=hunter3`;
      const attested = await ask(coordinator.url, { collateral: { pccs: url } });
      expectUnknown(attested, /could not be fetched: GET http:\/\/\*\*\*@127\.0\.0\.1.*token=\*\*\*/);
      expect(JSON.stringify(attested)).not.to.contain('hunter');
      const [{ headers, path } = { headers: {}, path: '' }] = pccs.received;
      expect(headers.authorization).to.equal(`Basic ${btoa('me:hunter2')}`);
      expect(path).to.contain('token=hunter3');
      await pccs.close();
    }
    await coordinator.close();
  });

  it('says no password of a Coordinator that is behind a proxy', async () => {
    const server = await serve(() => ({ status: 401 }), { key: chain.key, cert: chain.root });
    const url = server.url.replace('//', '//me:hunter2@');
    expectUnknown(await ask(url, {}), /^GET https:\/\/\*\*\*@127\.0\.0\.1:\d+\/api\/v2\/quote answered 401/);
    await server.close();
  });

  const files: [string, string | undefined, RegExp][] = [
    ['is not there', undefined, /^the collateral in .*collateral\.json cannot be read: ENOENT/],
    [
      'is something else',
      '{"tcb_info": "{}"}',
      /collateral\.json is no collateral: .*missing.*Fetch it again/,
    ],
  ];
  for (const [title, content, problem] of files) {
    it(`says so of a collateral file that ${title}`, async () => {
      const file = join(folder, 'collateral.json');
      if (content !== undefined) writeFileSync(file, content);
      const coordinator = await serveCoordinator(chain, { machine });
      expectUnknown(await ask(coordinator.url, { collateral: { file } }), problem);
      await coordinator.close();
    });
  }

  it('ends when it is stopped, while the Coordinator or the PCCS is silent', async () => {
    const silent = await serve(() => 'silence', { key: chain.key, cert: chain.root });
    const coordinator = await serveCoordinator(chain, { machine });
    const pccs = await serve(() => 'silence');
    for (const url of [silent.url, coordinator.url]) {
      const stop = new AbortController();
      const attested = ask(url, { signal: stop.signal, collateral: { pccs: pccs.url } });
      setTimeout(() => {
        stop.abort(new Error('stopped'));
      }, 200);
      expect(await rejection(attested)).to.have.property('message', 'stopped');
    }
    for (const server of [silent, coordinator, pccs]) await server.close();
  });
});
