import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import packageJson from '../../package.json' with { type: 'json' };
import type { Report } from '../../hooks/core/report.ts';
import { deployment, pod, settings } from '../hooks/builders.ts';
import { serve } from '../hooks/server.ts';

const main = new URL('../../hooks/main.ts', import.meta.url).pathname;

/** Arguments, exit code, what is printed to which of the two; the other stays empty. */
const runs: [string, number, 'stdout' | 'stderr', RegExp][] = [
  ['--help', 0, 'stdout', /^Usage: marblerun-hooks COMMAND/],
  ['--version', 0, 'stdout', new RegExp(`^${packageJson.version}\n$`)],
  ['upgrade', 2, 'stderr', /unknown command "upgrade".*\nSee marblerun-hooks --help\./],
  ['plan web ./chart --kube-token x', 2, 'stderr', /cannot follow --kube-token/],
  [
    'status --output xml',
    2,
    'stderr',
    /^marblerun-hooks: --output must be .*\nSee marblerun-hooks status --help/,
  ],
  ['status --kubeconfig /nowhere --output json', 2, 'stderr', /\/nowhere/],
  ['recover --output json', 2, 'stderr', /--secret is missing/],
  ['recover --secret /nowhere --output json', 2, 'stderr', /\/nowhere cannot be read: ENOENT/],
  ['recover --secret a --pccs me:word@host', 2, 'stderr', /--pccs must be a URL, such as (?!.*word)/],
  ['status --coordinator host:4433', 2, 'stderr', /--coordinator must be a URL/],
  ['backup a b', 2, 'stderr', /unexpected argument "b"/],
  ['restore a b', 2, 'stderr', /unexpected argument "b"/],
  ['check-manifest', 2, 'stderr', /needs a Manifest/],
  ['check-manifest /nowhere --output json', 2, 'stderr', /\/nowhere cannot be read: ENOENT/],
  ['completion tcsh', 2, 'stderr', /no completion for "tcsh"/],
  ['preflight --config /nowhere', 2, 'stdout', /\/nowhere\/settings\.json cannot be read: ENOENT/],
  ['watch', 2, 'stdout', /--coordinator is missing/],
];

describe('marblerun-hooks', () => {
  for (const [line, code, where, output] of runs) {
    it(`ends "${line}" with code ${code}, and speaks on ${where} alone`, async () => {
      const { [where]: said, ...rest } = await run(line.split(' '));
      expect(said).to.match(output);
      expect(rest).to.deep.equal({ code, [where === 'stdout' ? 'stderr' : 'stdout']: '' });
    });
  }
});

let folder: string;

async function put(name: string, content: object): Promise<void> {
  await writeFile(join(folder, name), JSON.stringify(content));
}

/** Runs a hook with the chart's files against an API server. */
async function against(server: string, command = 'preflight', ...flags: string[]): Promise<Run> {
  await put('kubeconfig', {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'lab',
    clusters: [{ name: 'lab', cluster: { server: `${server}/`, 'insecure-skip-tls-verify': true } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'me' } }],
    users: [{ name: 'me', user: { token: 'the-token' } }],
  });
  const argv = [command, ...flags, '--config', folder, '--output', 'json'];
  return await run(argv, { KUBECONFIG: join(folder, 'kubeconfig') });
}

describe('marblerun-hooks preflight', () => {
  withFiles();

  it('uses the kubeconfig, and prints nothing but the report on stdout', async () => {
    const server = await serve(({ path, method }) => {
      if (method === 'POST') return { status: 201, body: { status: { allowed: true } } };
      return path.includes('/pods?')
        ? { status: 200, body: { metadata: {}, items: [] } }
        : { status: 404, body: { kind: 'Status', message: 'not found' } };
    });
    const result = await against(server.url);
    await server.close();
    expect(result.code, result.stdout).to.equal(0);
    const report = JSON.parse(result.stdout) as Report;
    expect(report.findings.map(({ code }) => code)).to.deep.equal(['first-install']);
    expect(server.received.map(({ headers }) => headers.authorization)).to.include('Bearer the-token');
    for (const { path } of server.received) expect(path).to.not.match(/^\/\//);
  });

  it('ends with code 3 when no API server answers, and says that nothing is done twice', async () => {
    const closed = await serve(() => 'hangUp');
    await closed.close();
    await put(
      'settings.json',
      settings(({ hooks }) => (hooks.deadlineSeconds = 2.5)),
    );
    const { code, stdout } = await against(closed.url);
    expect(code).to.equal(3);
    const { outcome, findings } = JSON.parse(stdout) as Report;
    expect(outcome).to.equal('unknown');
    expect(findings.map((finding) => finding.code)).to.deep.equal(['cluster-unreachable']);
    expect(findings[0]?.message).to.match(/^GET .* cannot be reached: /);
    expect(findings[0]?.remedy).to.contain('what is done is not done twice');
    // It still tries to leave an Event for five seconds.
  }).timeout(20_000);

  it('leaves a report and an Event when a right is missing', async () => {
    const server = await serve(({ method }) =>
      method === 'POST'
        ? { status: 201, body: {} }
        : { status: 403, body: { kind: 'Status', message: 'deployments.apps is forbidden' } },
    );
    const { code, stdout } = await against(server.url);
    await server.close();
    expect(code).to.equal(3);
    const { findings } = JSON.parse(stdout) as Report;
    expect(findings.map((finding) => finding.code)).to.deep.equal(['rights-missing']);
    expect(findings[0]?.message).to.contain('deployments.apps is forbidden');
    const written = server.received.filter(
      ({ method, path }) => method === 'POST' && !path.includes('accessreviews'),
    );
    expect(written.map(({ path }) => path)).to.deep.equal([
      '/api/v1/namespaces/marblerun/events?fieldManager=marblerun-hooks',
    ]);
  });

  it('ends with code 2 on settings that it cannot work with, and asks no API server', async () => {
    await put(
      'settings.json',
      settings((s) => (s.rollout.maxConcurrent = 0)),
    );
    const server = await serve(() => ({ status: 500 }));
    const { code, stdout } = await against(server.url);
    await server.close();
    expect(code).to.equal(2);
    expect(stdout).to.contain('rollout.maxConcurrent must be a positive integer');
    expect(server.received).to.deep.equal([]);
  });

  it('ends with code 3 on an error of its own, and asks to report it', async () => {
    await writeFile(join(folder, 'deployment.json'), '{}');
    const server = await serve(({ path, method }) => {
      if (method === 'POST') return { status: 201, body: {} };
      if (path.includes('?')) return { status: 200, body: { metadata: {}, items: [] } };
      if (path.includes('/deployments/')) return { status: 200, body: deployment() };
      return { status: 404, body: { kind: 'Status', message: 'not found' } };
    });
    const { code, stdout } = await against(server.url);
    await server.close();
    expect(code).to.equal(3);
    expect(stdout).to.match(/^marblerun-hooks: internal error, please report it: TypeError/m);
  });
});

describe('marblerun-hooks rollout', () => {
  withFiles();

  it('leaves a report and an Event when the deadline comes first', async () => {
    const waiting = deployment(({ metadata }) => (metadata.generation = 4));
    const server = await serve(({ path, method }) => {
      if (method === 'POST') return { status: 201, body: {} };
      return path.includes('?')
        ? { status: 200, body: { metadata: {}, items: [] } }
        : { status: 200, body: waiting };
    });
    await put(
      'settings.json',
      settings(({ hooks }) => (hooks.deadlineSeconds = 3)),
    );
    const { code, stdout } = await against(server.url, 'rollout');
    await server.close();
    expect(code).to.equal(3);
    const { outcome, findings } = JSON.parse(stdout) as Report;
    expect(outcome).to.equal('unknown');
    expect(findings.map((finding) => finding.code)).to.deep.equal(['rollout-incomplete']);
    expect(findings[0]?.message).to.contain('the deadline came first; waiting for the Deployment controller');
    expect(server.received.at(-1)).to.include({ method: 'POST' });
    expect(server.received.at(-1)?.body).to.contain('RolloutUnknown');
  }).timeout(20_000);

  it('has the time of the Job when it is the Job, and keeps its report', async () => {
    const waiting = deployment(({ metadata }) => (metadata.generation = 4));
    const server = await serve(({ path }) =>
      path.includes('labelSelector')
        ? { status: 200, body: { metadata: {}, items: [] } }
        : { status: 200, body: waiting },
    );
    await put(
      'settings.json',
      settings(({ hooks, rollout }) => {
        hooks.deadlineSeconds = 1000;
        rollout.detach = true;
        rollout.detachedDeadlineSeconds = 1;
      }),
    );
    await put('roll.json', { metadata: { name: 'marblerun-coordinator-roll' } });
    const { code } = await against(server.url, 'rollout', '--detached');
    await server.close();
    expect(code).to.equal(3);
    expect(server.received.at(-1)).to.include({ method: 'PATCH' });
    expect(server.received.at(-1)?.path).to.contain('/configmaps/marblerun-coordinator-report');
  }).timeout(20_000);
});

/** Gives each test of a suite a folder with the chart's files. */
function withFiles(): void {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hooks-'));
    await put('settings.json', settings());
    await put('deployment.json', deployment());
    await put('pin.json', pod());
  });
  afterEach(() => rm(folder, { recursive: true }));
}

interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

async function run(argv: string[], environment = {}): Promise<Run> {
  try {
    const env = { ...process.env, ...environment };
    return { code: 0, ...(await promisify(execFile)(process.execPath, [main, ...argv], { env })) };
  } catch (error) {
    const { code, stdout, stderr } = error as Run;
    return { code, stdout, stderr };
  }
}
