import { expect } from 'chai';
import { execa } from 'execa';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const preload = join(import.meta.dirname, 'kill-at-call.ts');
/** Asks for /1, /2 and a watch, one after the other, and says what it got. */
const program = `
  import { request } from 'node:http';
  for (const path of ['/1', '/2', '/3?watch=true']) {
    await new Promise((resolve) => {
      request(process.env.SERVER + path, (answer) => {
        let text = '';
        answer.on('data', (chunk) => {
          text += chunk;
          if (path.includes('watch')) resolve();
        });
        answer.on('end', () => { console.log(path, text); resolve(); });
      }).end();
    });
  }
  process.exit(0);`;

describe('a process that is killed at a call', () => {
  let folder: string;
  let server: Server;
  let heard: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kill-'));
    server = createServer((request, response) => {
      heard.push(request.url ?? '');
      response.write('first half');
      if (request.url?.includes('watch') !== true) setTimeout(() => response.end(', second half'), 20);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    heard = [];
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  async function play(environment: Readonly<Record<string, string>>): Promise<string> {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const args = ['--import', preload, '--input-type=module', '-e', program];
    const options = { env: { SERVER: url, ...environment }, reject: false };
    const { signal, exitCode } = await execa(process.execPath, args, options);
    return signal ?? String(exitCode);
  }

  it('notes each call, and lets the process be when there is none of that number', async () => {
    const calls = join(folder, 'calls');
    expect(await play({ CALLS: calls, KILL_AT: '4:before' })).to.equal('0');
    expect(await readFile(calls, 'utf8')).to.equal('GET /1\nGET /2\nGET /3?watch=true\n');
  });

  const moments = [
    { at: '1:before', sent: [] },
    { at: '1:after', sent: ['/1'] },
    { at: '2:before', sent: ['/1'] },
    { at: '2:after', sent: ['/1', '/2'] },
    { at: '3:before', sent: ['/1', '/2'] },
    { at: '3:after', sent: ['/1', '/2', '/3?watch=true'] },
  ];
  for (const { at, sent } of moments) {
    it(`ends with ${String(sent.length)} sent when it is killed at ${at}`, async () => {
      expect(await play({ KILL_AT: at })).to.equal('SIGKILL');
      expect(heard).to.deep.equal(sent);
    });
  }
});
