import { mkdir, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { systemPath } from './component.ts';
import type { Lab } from './handle.ts';
import { installPackages } from './packages.ts';
import { argocdProgram, built, moduleDir } from './programs.ts';
import { until, type Progress } from './progress.ts';

/** Where Argo CD looks for Applications. */
export const argocdNamespace = 'argocd';

const redis = '127.0.0.1:6379';
const repoServer = '127.0.0.1:8081';
const parts = ['argocd-repo-server', 'argocd-application-controller'] as const;

/** The labs in which Argo CD runs. */
const withArgocd = new Map<string, Promise<void>>();

/**
 * Runs what of Argo CD syncs Applications: its controller, and the server that renders charts with Helm 3. They act with all rights
 * on the lab's cluster, which Applications call https://kubernetes.default.svc. Builds it if need be; several suites may
 * share it.
 */
export async function runArgocd(lab: Lab, progress: Progress): Promise<void> {
  const running = withArgocd.get(lab.name) ?? start(lab, progress);
  withArgocd.set(lab.name, running);
  await running;
}

async function start(lab: Lab, progress: Progress): Promise<void> {
  await installPackages(progress, { 'redis-server': 'redis-server', git: 'git' });
  const program = await built(argocdProgram, progress);
  const home = join(lab.dir, 'argocd');
  await prepareHome(lab, home, program);
  await configure(lab);
  await startParts(lab, home);
}

/** Folders of its own, Helm 3 under the name that Argo CD calls, and the program under the names by which it acts. */
async function prepareHome(lab: Lab, home: string, program: string): Promise<void> {
  for (const folder of ['bin', 'gpg', 'tls', 'ssh', 'tmp']) {
    await mkdir(join(home, folder), { recursive: true });
  }
  await symlink(join(lab.dir, 'bin', 'helm3'), join(home, 'bin', 'helm'));
  for (const part of parts) await symlink(program, join(home, 'bin', part));
}

/** What Argo CD's own install brings, as far as its controller asks for it. */
async function configure(lab: Lab): Promise<void> {
  const module = 'github.com/argoproj/argo-cd/v3';
  const list = ['list', '-m', '-f', '{{.Dir}}', module];
  const { stdout: source } = await execa('go', list, { cwd: moduleDir(argocdProgram) });
  const definitions = ['application', 'appproject'].map((kind) => `${kind}-crd.yaml`);
  const files = definitions.flatMap((file) => ['-f', join(source, 'manifests', 'crds', file)]);
  await lab.kubectl('apply', '--server-side', ...files);
  await untilOk(lab, 'kubectl', ['get', 'applications,appprojects', '--all-namespaces']);
  const named = (name: string) => ({
    name,
    namespace: argocdNamespace,
    labels: { 'app.kubernetes.io/part-of': 'argocd' },
  });
  await lab.apply(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: argocdNamespace } },
    ...['argocd-cm', 'argocd-rbac-cm', 'argocd-cmd-params-cm'].map((name) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: named(name),
    })),
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: named('argocd-secret'),
      stringData: { 'server.secretkey': 'signs the sessions of a server that does not run' },
    },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'default', namespace: argocdNamespace },
      spec: {
        sourceRepos: ['*'],
        destinations: [{ namespace: '*', server: '*' }],
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
      },
    },
  );
}

async function startParts(lab: Lab, home: string): Promise<void> {
  const env = {
    PATH: [join(home, 'bin'), systemPath].join(delimiter),
    HOME: home,
    TMPDIR: join(home, 'tmp'),
    KUBECONFIG: lab.kubeconfig,
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    ARGOCD_GPG_ENABLED: 'false',
    ARGOCD_GNUPGHOME: join(home, 'gpg'),
    ARGOCD_TLS_DATA_PATH: join(home, 'tls'),
    ARGOCD_SSH_DATA_PATH: join(home, 'ssh'),
    ARGOCD_ASK_PASS_SOCK: join(home, 'tmp', 'ask-pass.sock'),
    // Without the pause of 2 s between waves, of which the hooks have some.
    ARGOCD_SYNC_WAVE_DELAY: '0',
  };
  const [host = '', port = ''] = redis.split(':');
  const memoryOnly = ['--save', '', '--appendonly', 'no', '--dir', home];
  await lab.start({
    name: 'redis',
    file: 'redis-server',
    args: ['--bind', host, '--port', port, ...memoryOnly],
  });
  const [serverName, controllerName] = parts;
  const loopback = ['--address', '127.0.0.1', '--metrics-address', '127.0.0.1'];
  await lab.start({
    name: serverName,
    file: join(home, 'bin', serverName),
    args: ['--redis', redis, '--disable-tls', ...loopback],
    env,
  });
  const connect = `exec 3<>/dev/tcp/${repoServer.replace(':', '/')}`;
  await untilOk(lab, 'bash', ['-c', connect]);
  const cluster = ['--namespace', argocdNamespace, '--repo-server', repoServer, '--repo-server-plaintext'];
  await lab.start({
    name: controllerName,
    file: join(home, 'bin', controllerName),
    args: ['--redis', redis, ...cluster],
    env,
  });
}

/** Waits until a command ends well. */
async function untilOk(lab: Lab, file: string, args: readonly string[]): Promise<void> {
  let said = '';
  const isOk = async (): Promise<boolean> => {
    const { exitCode, all } = await lab.exec(file, args, { reject: false });
    said = all;
    return exitCode === 0;
  };
  await until(isOk, 30, () => Promise.resolve(new Error(`${file} ${args.join(' ')} fails: ${said}`)));
}
