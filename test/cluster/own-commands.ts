import type { ExecResult } from '../lab/inside.ts';
import { builtProgram } from './built-program.ts';
import type { Release } from './release.ts';

/** How a person runs a command on a release. */
export interface RunOptions {
  /** Another kubeconfig than the administrator's. */
  kubeconfig?: string;
  /** A shell command; when it succeeds for the first time the program is sent a signal. */
  stopWhen?: string;
  /** SIGINT, as Ctrl-C does, unless it is to have no time for anything. */
  signal?: 'INT' | 'KILL';
}

/** Runs a command of the built program as a person does who has a kubeconfig, without a terminal. */
export async function runCommand(
  { lab, namespace, name }: Release,
  [command, ...flags]: [string, ...string[]],
  { kubeconfig, stopWhen, signal = 'INT' }: RunOptions = {},
): Promise<ExecResult> {
  const program = await builtProgram(lab);
  const access = kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig];
  const args = [process.execPath, program, command, name, '-n', namespace, ...access, ...flags];
  const stop = `"$@" & program=$!; while kill -0 $program && ! { ${stopWhen}; }; do sleep 0.1; done
    kill -${signal} $program; wait $program`;
  const script = stopWhen === undefined ? 'exec "$@"' : stop;
  return await lab.exec('bash', ['-c', script, 'bash', ...args], { reject: false, timeout: 150_000 });
}

/** A kubeconfig of somebody who has the rights of a ClusterRole in the release's namespace. */
export async function kubeconfigOf(release: Release, role: string): Promise<string> {
  const { lab, namespace } = release;
  await release.kubectl('create', 'serviceaccount', role);
  await release.kubectl(
    ...['create', 'rolebinding', role, `--clusterrole=${role}`, `--serviceaccount=${namespace}:${role}`],
  );
  const token = (await release.kubectl('create', 'token', role)).trim();
  const file = `${lab.dir}/${namespace}-${role}.kubeconfig`;
  const config = `kubectl --kubeconfig ${file} config`;
  const script = `set -e
    kubectl config view --raw --flatten > ${file}
    ${config} set-credentials ${role} --token "$1" > ${file}.log
    ${config} set-context --current --user ${role} > ${file}.log`;
  await lab.exec('bash', ['-c', script, 'bash', token]);
  return file;
}
