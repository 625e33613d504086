import { expect } from 'chai';
import { execa } from 'execa';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from './faults.ts';
import { FaultProxy } from './proxy.ts';

/** What a client got: the answer's status, body and time, or the code of the error. */
interface Got {
  status?: number;
  body: string;
  error?: string;
  retryAfter?: string | undefined;
  milliseconds: number;
}

describe('the fault proxy', () => {
  let folder: string;
  let server: Server;
  let proxy: FaultProxy;
  let target: string;
  const agent = new Agent({ rejectUnauthorized: false, keepAlive: false });
  let served: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'proxy-'));
    const [key, certificate] = await selfSigned(folder);
    server = createServer({ key, cert: certificate }, (incoming, outgoing) => {
      served.push(`${String(incoming.method)} ${String(incoming.url)}`);
      outgoing.writeHead(200, { 'content-length': 26 });
      outgoing.end('abcdefghijklmnopqrstuvwxyz');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    target = `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    proxy = await FaultProxy.start({ address: '127.0.0.1', side: 'api', certificate, key, target });
  });
  beforeEach(() => {
    served = [];
  });
  after(async () => {
    proxy.close();
    agent.destroy();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  /** Lets the fault befall the first request of a new run. */
  async function suffer(fault: Fault | undefined): Promise<void> {
    const left = [fault];
    await proxy.use(target, () => left.shift());
  }

  async function ask(path = '/x', method = 'GET', milliseconds = 1000): Promise<Got> {
    const startedAt = Date.now();
    const url = `https://127.0.0.1:${String(proxy.port)}${path}`;
    return await new Promise((resolve) => {
      const got: Got = { body: '', milliseconds: 0 };
      const end = (error?: Error): void => {
        const { code = error?.message } = (error ?? {}) as NodeJS.ErrnoException;
        resolve({
          ...got,
          ...(code === undefined ? {} : { error: code }),
          milliseconds: Date.now() - startedAt,
        });
      };
      const signal = AbortSignal.timeout(milliseconds);
      const outgoing = request(url, { agent, method, signal }, (answer) => {
        got.status = answer.statusCode ?? 0;
        got.retryAfter = answer.headers['retry-after'];
        answer.on('data', (chunk: Buffer) => (got.body += chunk.toString()));
        answer.on('error', end);
        answer.on('end', () => {
          end();
        });
      });
      outgoing.on('error', end);
      outgoing.end();
    });
  }

  it('passes requests and answers on', async () => {
    await suffer(undefined);
    expect(await ask('/x', 'POST')).to.deep.include({ status: 200, body: 'abcdefghijklmnopqrstuvwxyz' });
    expect(served).to.deep.equal(['POST /x']);
  });

  const cuts: { fault: Fault; reached: boolean; body?: string }[] = [
    { fault: { kind: 'reset', when: 'request' }, reached: false },
    { fault: { kind: 'reset', when: 'answered' }, reached: true },
    { fault: { kind: 'reset', when: 'body' }, reached: true, body: 'abcdefghijklm' },
    { fault: { kind: 'hang', milliseconds: 30, forwarded: false }, reached: false },
    { fault: { kind: 'hang', milliseconds: 30, forwarded: true }, reached: true },
    { fault: { kind: 'refused', milliseconds: 30 }, reached: false },
    { fault: { kind: 'handshake', stallMilliseconds: 0 }, reached: false },
  ];
  for (const { fault, reached, body = '' } of cuts) {
    it(`cuts a connection, and only that one: ${JSON.stringify(fault)}`, async () => {
      await suffer(fault);
      const got = await ask();
      expect(got.error, JSON.stringify(got)).to.equal('ECONNRESET');
      expect(got.body).to.equal(body);
      expect(served).to.have.length(reached ? 1 : 0);
    });
  }

  for (const code of [409, 410, 429, 500, 503] as const) {
    it(`answers ${String(code)} in place of the server, as the API server words it`, async () => {
      await suffer({ kind: 'status', code, forwarded: false, retryAfterSeconds: 1 });
      const got = await ask();
      expect(got).to.deep.include({ status: code, retryAfter: '1' });
      expect(JSON.parse(got.body)).to.deep.include({ kind: 'Status', code });
      expect(served).to.deep.equal([]);
    });
  }

  it('answers an error although the server has done its work', async () => {
    await suffer({ kind: 'status', code: 500, forwarded: true });
    expect((await ask()).status).to.equal(500);
    expect(served).to.deep.equal(['GET /x']);
  });

  it('refuses connections for a time, and for ever until it is used anew', async () => {
    await suffer({ kind: 'refused', milliseconds: 150 });
    await ask();
    expect((await ask()).error).to.equal('ECONNREFUSED');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await ask()).status).to.equal(200);
    await suffer({ kind: 'refused', milliseconds: -1 });
    await ask();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await ask()).error).to.equal('ECONNREFUSED');
    await suffer(undefined);
    expect((await ask()).status).to.equal(200);
  });

  it('cuts the handshake of the next connection in its middle, or lets it hang', async () => {
    await suffer({ kind: 'handshake', stallMilliseconds: 0 });
    await ask();
    expect((await ask()).error).to.equal('ECONNRESET');
    expect((await ask()).status).to.equal(200);
    await suffer({ kind: 'handshake', stallMilliseconds: -1 });
    await ask();
    expect((await ask('/x', 'GET', 100)).error).to.equal('ABORT_ERR');
  });

  it('lets a request hang until its client gives up', async () => {
    await suffer({ kind: 'hang', milliseconds: -1, forwarded: false });
    expect((await ask('/x', 'GET', 100)).error).to.equal('ABORT_ERR');
  });

  it('sends the head of a watch and none of its events', async () => {
    await suffer({ kind: 'stalled-watch', milliseconds: 60 });
    expect(await ask('/pods?watch=1')).to.deep.include({ status: 200, body: '', error: 'ECONNRESET' });
  });

  it('says in a watch that what it asked for is gone', async () => {
    await suffer({ kind: 'gone-watch' });
    const { status, body } = await ask('/pods?watch=1');
    expect(status).to.equal(200);
    expect(JSON.parse(body)).to.have.nested.property('object.code', 410);
  });

  it('sends an answer in small pieces', async () => {
    await suffer({ kind: 'slow', pieces: 5, milliseconds: 20 });
    const got = await ask();
    expect(got.body).to.equal('abcdefghijklmnopqrstuvwxyz');
    expect(got.milliseconds).to.be.at.least(60);
  });
});

async function selfSigned(folder: string): Promise<[string, string]> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=proxy', '-keyout', key, '-out', certificate];
  await execa('openssl', ['req', '-x509', ...made]);
  return [await readFile(key, 'utf8'), await readFile(certificate, 'utf8')];
}
