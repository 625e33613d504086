import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ManifestReport } from '../../hooks/core/manifest-check/report.ts';
import { apiServerFor, type ApiServer } from './api-server.ts';
import { cases, updateCases, userNamed } from './corpus.ts';
import { needCoordinators } from './court.ts';
import { Judge } from './judge.ts';

const main = new URL('../../hooks/main.ts', import.meta.url).pathname;
const smallest = cases('shape.yaml').find(({ title }) => title === 'the smallest Manifest')?.text ?? '';

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

let folder: string;

function run(args: string[], { input = '', kubeconfig = '/nowhere' } = {}): Promise<Run> {
  return new Promise((resolve) => {
    const env = { ...process.env, KUBECONFIG: kubeconfig };
    const child = execFile(
      process.execPath,
      [main, 'check-manifest', ...args],
      { env, cwd: folder },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
    child.stdin?.end(input);
  });
}

const reportOf = ({ stdout }: Run) => JSON.parse(stdout) as ManifestReport;
const codes = (given: Run) => reportOf(given).findings.map(({ code }) => code);

describe('marblerun-hooks check-manifest', function () {
  this.timeout(60_000);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'check-manifest-'));
    await writeFile(join(folder, 'new.json'), smallest);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('ends with 0 for a Manifest that the Coordinator takes', async () => {
    const { code, stdout } = await run(['new.json', '--coordinator-version', 'v1.9.1']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^new\.json: a first Manifest, for Coordinator v1\.9\.1\n/);
    expect(stdout).to.match(/\nThe Coordinator takes this Manifest: 1 warning\.\n$/);
  });

  it('ends with 1 for one that it refuses, and reads standard input', async () => {
    const given = await run(['-', '--output', 'json'], { input: 'Packages: {}' });
    expect(given.code).to.equal(1);
    expect(reportOf(given)).to.include({ file: '-', outcome: 'blocked', kind: 'set' });
  });

  it('ends with 1 for what is no Manifest at all', async () => {
    const given = await run(['-', '--output', 'json'], { input: 'a: [' });
    expect(given.code).to.equal(1);
    expect(reportOf(given)).to.include({ kind: 'none' });
    expect(codes(given)).to.deep.equal(['not-readable']);
  });

  it('ends with 2 when a file cannot be read', async () => {
    const { code, stderr } = await run(['gone.json']);
    expect(code).to.equal(2);
    expect(stderr).to.match(/gone\.json cannot be read: ENOENT/);
  });

  it('ends with 2 when the Manifest in force is none', async () => {
    await writeFile(join(folder, 'current.json'), '[]');
    const { code, stderr } = await run(['new.json', '--current', 'current.json']);
    expect(code).to.equal(2);
    expect(stderr).to.contain('current.json is no Manifest that a Coordinator could have in force');
  });

  it('judges an update of a file', async () => {
    await writeFile(join(folder, 'current.json'), smallest);
    const given = await run(['new.json', '--current', 'current.json', '--output', 'json']);
    expect(given.code).to.equal(1);
    expect(reportOf(given)).to.include({ kind: 'full' });
    expect(codes(given)).to.include('update-not-permitted');
  });
});

describe('marblerun-hooks check-manifest --from-coordinator', function () {
  this.timeout(60_000);
  const update = updateCases().find(({ earlier }) => earlier.length > 0);
  let judge: Judge;
  let api: ApiServer;

  before(async function () {
    await needCoordinators(this, 'v1.9.1');
    folder = await mkdtemp(join(tmpdir(), 'check-manifest-'));
    judge = await Judge.start('v1.9.1');
    api = await apiServerFor(judge.url);
  });
  after(async () => {
    await api.close();
    await judge.stop();
    await rm(folder, { recursive: true });
  });

  const ask = (input: string) =>
    run(['-', '--from-coordinator', '--output', 'json'], { input, kubeconfig: api.kubeconfig });

  it('judges a first Manifest where there is none yet', async () => {
    const given = await ask(smallest);
    expect(given.code).to.equal(0);
    expect(reportOf(given)).to.include({ kind: 'set' });
  });

  it('knows what updates of Packages have raised, which the Manifest does not show', async () => {
    const { inForce, earlier, by, text } = update ?? {
      inForce: '',
      earlier: [],
      by: userNamed('carol'),
      text: '',
    };
    for (const { takes } of [await judge.set(inForce), await judge.update(earlier[0] ?? '', by)]) {
      expect(takes).to.equal(true);
    }
    const given = await ask(text);
    expect(given.code).to.equal(1);
    expect(reportOf(given)).to.include({ kind: 'packages' });
    expect(codes(given)).to.include('update-downgrade');
    expect(api.received.join('\n')).to.match(/\/namespaces\/marblerun\/pods\/[^/]+\/portforward\?ports=4433/);
  });

  it('ends with 3 when it may not ask, and says what else can be done', async () => {
    const closed = await apiServerFor(judge.url, 403);
    const { code, stdout } = await run(['-', '--from-coordinator'], {
      input: smallest,
      kubeconfig: closed.kubeconfig,
    });
    await closed.close();
    expect(code).to.equal(3);
    expect(stdout).to.match(/could not be read: GET .* answered 403: deployments is refused/);
    expect(stdout).to.contain('--current FILE');
  });
});
