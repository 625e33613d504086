import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isOpen } from '../hooks/is-open.ts';
import { makeChain } from '../hooks/certificates.ts';
import { serve, type TestServer } from '../hooks/server.ts';

const main = new URL('../../hooks/main.ts', import.meta.url).pathname;
const port = 18_080;

describe('marblerun-hooks watch', function () {
  this.timeout(30_000);
  let folder: string;
  let api: TestServer;
  let coordinator: TestServer;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'marblerun-watch-'));
    api = await serve(() => ({ status: 404, body: { kind: 'Status', message: 'not found' } }));
    const { key, root } = makeChain();
    coordinator = await serve(() => ({ status: 200, body: { data: { code: 2 } } }), { key, cert: root });
    await writeFile(
      join(folder, 'kubeconfig'),
      JSON.stringify({
        'current-context': 'lab',
        clusters: [{ name: 'lab', cluster: { server: api.url } }],
        contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'me' } }],
        users: [{ name: 'me', user: {} }],
      }),
    );
  });
  after(async () => {
    await Promise.all([api.close(), coordinator.close(), rm(folder, { recursive: true })]);
  });

  let child: ChildProcessByStdio<null, Readable, null> | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  /** Starts it, waits until it has said what state the Coordinator is in, and answers how it ended. */
  const told = async (...more: string[]): Promise<{ open: boolean; code: number; milliseconds: number }> => {
    const argv = [
      'watch',
      '--coordinator',
      coordinator.url,
      '--interval',
      '600',
      '--ready-port',
      String(port),
    ];
    const env = { ...process.env, KUBECONFIG: join(folder, 'kubeconfig') };
    child = spawn(process.execPath, [main, ...argv, ...more], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(line.toString()).to.contain('The Coordinator is in state 2 AcceptingManifest');
    const open = await isOpen(port);
    const begin = performance.now();
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    return { open, code, milliseconds: performance.now() - begin };
  };

  it('ends as the pin in a second when it is told to, and opens no port', async () => {
    const { milliseconds, ...rest } = await told();
    expect(rest).to.deep.equal({ open: false, code: 0 });
    expect(milliseconds).to.be.below(1000);
  });

  it('ends as the anchor when there is nothing to hold; until then it shows that it is Ready', async () => {
    // How soon is measured on the lab: outside of a cluster it has to load what reads a kubeconfig.
    const { open, code } = await told('--deployment', 'marblerun-coordinator');
    expect({ open, code }).to.deep.equal({ open: true, code: 0 });
  });
});
