import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { bundle } from '../../release/bundle.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';
import { serve, type TestServer } from '../hooks/server.ts';

const controlC = '\u0003';
const red = '\u001b[31mBLOCK\u001b[39m';

describe('a command that a person runs', function () {
  this.timeout(60_000);
  let folder: string;
  let program: string;
  let silent: TestServer;
  let terminal: Terminal | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'marblerun-terminal-'));
    program = join((await bundle(join(folder, 'built'))).folder, 'marblerun-hooks.mjs');
    silent = await serve(() => 'silence');
    await writeFile(join(folder, 'manifest.json'), '{"Marbles": {}}');
    await writeFile(join(folder, 'secret'), Buffer.alloc(16, 1));
    await writeFile(join(folder, 'helm'), '#!/bin/sh\nexec sleep 60\n');
    await chmod(join(folder, 'helm'), 0o755);
    const kubeconfig = {
      'current-context': 'lab',
      clusters: [{ name: 'lab', cluster: { server: silent.url, 'insecure-skip-tls-verify': true } }],
      contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'me' } }],
      users: [{ name: 'me', user: {} }],
    };
    await writeFile(join(folder, 'kubeconfig'), JSON.stringify(kubeconfig));
    const nowhere = JSON.stringify(kubeconfig).replace(silent.url, 'https://127.0.0.1:1');
    await writeFile(join(folder, 'nowhere'), nowhere);
  });
  afterEach(() => terminal?.close());
  after(async () => {
    await silent.close();
    await rm(folder, { recursive: true });
  });

  const open = (words: string, env: Record<string, string> = {}): Terminal => {
    const more = { KUBECONFIG: join(folder, 'kubeconfig'), HELM_BIN: join(folder, 'helm'), ...env };
    terminal = openTerminal(`${process.execPath} ${program} ${words}`, { cwd: folder, env: more });
    return terminal;
  };
  const piped = async (words: string[], env: Record<string, string> = {}) =>
    await execa(process.execPath, [program, ...words], { cwd: folder, env, reject: false });

  it('colours severities on a terminal, and says them in words all the same', async () => {
    const { ended, written } = open('check-manifest manifest.json');
    expect(await ended).to.equal(1);
    expect(written()).to.contain(`manifest.json:1:1: ${red} section-empty`);
  });

  it('obeys NO_COLOR, and a terminal that knows no colours', async () => {
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      const { ended, written } = open('check-manifest manifest.json', env);
      expect(await ended).to.equal(1);
      expect(written()).to.contain(': BLOCK section-empty').and.not.contain('\u001b[3');
    }
  });

  it('has no colours in a pipe, unless FORCE_COLOR asks for them', async () => {
    expect((await piped(['check-manifest', 'manifest.json'])).stdout).to.contain(': BLOCK section-empty');
    const forced = await piped(['check-manifest', 'manifest.json'], { FORCE_COLOR: '1' });
    expect(forced.stdout).to.contain(red);
  });

  it('has bold headings in its help on a terminal, as wide as that', async () => {
    const { ended, written } = open('plan --help');
    expect(await ended).to.equal(0);
    expect(written()).to.contain('\u001b[1mExamples:\u001b[22m');
  });

  const unchanged = 'nothing was changed';
  const looking = 'Asking the cluster and the Coordinator';
  /** Command, what is typed, what is shown, what Ctrl-C says. */
  const long: [string, string, string, string][] = [
    ['plan', 'plan web ./chart', 'Asking Helm what it would apply', unchanged],
    ['status', 'status', looking, unchanged],
    ['recover', 'recover --secret secret --insecure', looking, 'the Coordinator has taken no secret'],
  ];
  for (const [command, words, step, last] of long) {
    it(`says on a terminal what ${command} is at after a second, and leaves nothing of it; Ctrl-C says that ${last}`, async () => {
      const { type, until, written, ended } = open(words);
      await until(new RegExp(`${step} \\.\\.\\. 1 s`));
      await until(new RegExp(`${step} \\.\\.\\. 2 s`));
      type(controlC);
      expect(await ended).to.equal(143);
      const said = written().split('\u001b[K').at(-1)?.trim();
      expect(said).to.equal(`marblerun-hooks ${command}: stopped by SIGINT; ${last}.`);
    });
  }

  it('says it in a plain line elsewhere', async () => {
    const run = execa(process.execPath, [program, 'plan', 'web', './chart'], {
      env: { HELM_BIN: join(folder, 'helm') },
      reject: false,
    });
    setTimeout(() => run.kill('SIGTERM'), 2500);
    const { exitCode, stdout, stderr } = await run;
    expect({ exitCode, stdout }).to.deep.equal({ exitCode: 143, stdout: '' });
    expect(stderr.split('\n')).to.deep.equal([
      'Asking Helm what it would apply',
      'marblerun-hooks plan: stopped by SIGTERM; nothing was changed.',
    ]);
  });

  it('says once why the API server is not reached, however often it is tried', async () => {
    const terminal = open('status --kubeconfig nowhere');
    await terminal.until(/Asking the cluster and the Coordinator \.\.\. 3 s/);
    terminal.type(controlC);
    expect(await terminal.ended).to.equal(143);
    expect(terminal.written().match(/ECONNREFUSED/g)).to.have.lengthOf(1);
  });

  it('ends by Ctrl-C while it asks for a passphrase, and says so on a line of its own', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-128-cbc',
      passphrase: 'open',
    });
    await writeFile(join(folder, 'locked.pem'), pem);
    const { type, until, ended } = open('recover --secret secret --key locked.pem');
    await until(/Passphrase of locked.pem: $/);
    type(controlC);
    expect(await ended).to.equal(143);
    await until(/: (\^C)?\r?\nmarblerun-hooks recover: stopped by SIGINT; nothing was sent\.\r?\n$/);
  });

  it('ends by Ctrl-C while it waits for standard input', async () => {
    const { type, written, ended } = open('check-manifest -');
    setTimeout(() => {
      type(controlC);
    }, 1000);
    expect(await ended).to.equal(143);
    expect(written()).to.contain('marblerun-hooks check-manifest: stopped by SIGINT; nothing was changed.');
  });
});
