import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { end, identify, alive, type ProcessId } from './processes.ts';
import { until } from './progress.ts';

/** A program of the cluster, as it is started. */
export interface ComponentSpec {
  /** Names its log file too. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** More environment than every component has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Where components live: the lab's folder, and a process in its namespaces. */
export interface Place {
  readonly dir: string;
  readonly first: ProcessId;
}

/** The arguments with which nsenter runs a command inside a lab. */
export function entering({ first }: Place, cwd = '/'): string[] {
  return ['--target', String(first.pid), '--net', '--mount', '--pid', `--wdns=${cwd}`, '--'];
}

/** What a component runs with inside; Debian keeps iptables and runc where not every user's PATH looks. */
export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Starts a component inside the lab, in the background, with its output in its log. */
export async function startComponent(place: Place, spec: ComponentSpec): Promise<void> {
  await mkdir(join(place.dir, 'components'), { recursive: true });
  await mkdir(join(place.dir, 'logs'), { recursive: true });
  const log = await open(logOf(place, spec.name), 'a');
  // The types of execa know file descriptors as literal numbers only.
  const output = log.fd as 3;
  const outer = execa('nsenter', [...entering(place), spec.file, ...spec.args], {
    stdin: 'ignore',
    stdout: output,
    stderr: output,
    env: { PATH: systemPath, HOME: '/root', ...spec.env },
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
  });
  outer.nodeChildProcess.unref();
  await log.close();
  if (outer.pid === undefined) throw new Error(`${spec.name} could not be started`);
  const id = await childOf(outer.pid, place, spec.name);
  await writeFile(stateOf(place, spec.name), JSON.stringify({ spec, id }));
}

/** Kills a component, as a crash would: an API server that is asked to end waits a minute for its clients. */
export async function stopComponent(place: Place, name: string): Promise<void> {
  await end((await recorded(place, name)).id, 'SIGKILL');
}

/** Starts a component that was stopped, as it was started before. */
export async function resumeComponent(place: Place, name: string): Promise<void> {
  await startComponent(place, (await recorded(place, name)).spec);
}

/** Waits until `ready` says true; fails early when the component has ended, and shows the end of its log. */
export async function awaitComponent(
  place: Place,
  name: string,
  ready: () => Promise<boolean>,
  seconds = 60,
): Promise<void> {
  const { id } = await recorded(place, name);
  const check = async (): Promise<boolean> => {
    if (await ready()) return true;
    if (!(await alive(id))) throw await failure(place, name, 'ended');
    return false;
  };
  await until(check, seconds, () => failure(place, name, `was not ready after ${seconds} s`));
}

/** nsenter stays outside the PID namespace and runs the component as its child. */
async function childOf(pid: number, place: Place, name: string): Promise<ProcessId> {
  let child = '';
  const forked = async (): Promise<boolean> => {
    child = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
    return child !== '';
  };
  await until(forked, 5, () => failure(place, name, 'did not start'));
  return identify(Number(child.trim())).catch(async () => {
    throw await failure(place, name, 'ended');
  });
}

async function failure(place: Place, name: string, what: string): Promise<Error> {
  const log = await readFile(logOf(place, name), 'utf8').catch(() => '');
  const lastLines = log.trimEnd().split('\n').slice(-20).join('\n');
  return new Error(`${name} ${what}. The end of its log:\n${lastLines}`);
}

async function recorded(place: Place, name: string): Promise<{ spec: ComponentSpec; id: ProcessId }> {
  return JSON.parse(await readFile(stateOf(place, name), 'utf8')) as { spec: ComponentSpec; id: ProcessId };
}

function logOf({ dir }: Place, name: string): string {
  return join(dir, 'logs', `${name}.log`);
}

function stateOf({ dir }: Place, name: string): string {
  return join(dir, 'components', `${name}.json`);
}
