import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { cgroupOf } from './holder.ts';
import { openLab } from './lab.ts';
import { until } from './progress.ts';
import { dirOf, runningLab } from './state.ts';
import { useLab } from '../cluster/shared-lab.ts';

const cli = join(import.meta.dirname, 'main.ts');
const starter = `
  const { startLab } = await import(process.argv[1]);
  await startLab({ name: process.argv[2], onProgress: console.log });
  console.log('up');
  setInterval(() => {}, 1000);`;

describe('a lab beside another one', function () {
  this.timeout('3m');
  const lab = useLab();

  it('leaves nothing when the process that started it is killed', async () => {
    const entry = join(import.meta.dirname, 'lab.ts');
    const args = ['--input-type=module', '-e', starter, entry, 'killed'];
    await endsWithoutTrace('killed', args, { when: 'up', signal: 'SIGKILL' });
  });

  it('leaves nothing after a Ctrl-C in the middle of its start', async () => {
    const args = [cli, 'up', '--name', 'interrupted'];
    await endsWithoutTrace('interrupted', args, { when: 'Starting the nodes', signal: 'SIGINT' });
  });

  it('stays after up, runs commands, and leaves nothing after down', async () => {
    await execa(process.execPath, [cli, 'up', '--name', 'stays']);
    const { stdout } = await execa(process.execPath, [
      ...[cli, 'exec', '--name', 'stays', '--'],
      ...['kubectl', 'get', 'nodes', '-o', 'name'],
    ]);
    expect(stdout.split('\n')).to.eql(['node/node-a', 'node/node-b']);
    const places = await namespacesOf('stays');
    await execa(process.execPath, [cli, 'down', '--name', 'stays']);
    await awaitNothing('stays', places);
    expect(await openLab('stays')).to.equal(undefined);
  });

  it('starts a component again that was stopped', async () => {
    await lab().stop('kube-apiserver');
    const { exitCode } = await lab().exec('kubectl', ['get', 'nodes'], { reject: false });
    expect(exitCode).not.to.equal(0);
    await lab().resume('kube-apiserver');
    const answers = async (): Promise<boolean> =>
      (await lab().exec('kubectl', ['get', 'nodes'], { reject: false })).exitCode === 0;
    await until(answers, 30, () => Promise.resolve(new Error('the API server did not come back')));
  });
});

/** Starts a lab with Node, sends the signal when the output has the words, and waits until nothing is left. */
async function endsWithoutTrace(
  name: string,
  args: readonly string[],
  { when, signal }: { when: string; signal: 'SIGKILL' | 'SIGINT' },
): Promise<void> {
  const starting = execa(process.execPath, args, { reject: false, all: true });
  let said = '';
  starting.all.on('data', (data: Buffer) => (said += data.toString()));
  const heard = (): Promise<boolean> => Promise.resolve(said.includes(when));
  await until(heard, 120, () => Promise.resolve(new Error(`no "${when}" in:\n${said}`)));
  const places = await namespacesOf(name);
  expect(await remains(name, places)).not.to.eql([]);
  starting.kill(signal);
  await starting;
  await awaitNothing(name, places);
}

async function awaitNothing(name: string, places: readonly string[]): Promise<void> {
  let left: string[] = [];
  const gone = async (): Promise<boolean> => (left = await remains(name, places)).length === 0;
  await until(gone, 30, () => Promise.resolve(new Error(`left: ${left.join('\n')}`)));
}

/** The network, mount and PID namespace of a lab. */
async function namespacesOf(name: string): Promise<string[]> {
  const pid = (await runningLab(name))?.first.pid ?? 0;
  return Promise.all(['net', 'mnt', 'pid'].map((kind) => readlink(`/proc/${pid}/ns/${kind}`)));
}

/** Processes in a lab's namespaces or with its folder on their command line, mounts of it, and cgroups. */
async function remains(name: string, namespaces: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const links = ['net', 'mnt', 'pid'].map((kind) => readlink(`/proc/${pid}/ns/${kind}`).catch(() => ''));
    const inside = (await Promise.all(links)).some((link) => namespaces.includes(link));
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (inside || command.includes(`${dirOf(name)}/`)) found.push(`process ${pid} ${command}`);
  }
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  found.push(...mounts.split('\n').filter((line) => line.includes(`${dirOf(name)}/`)));
  const { stdout } = await execa('find', ['/sys/fs/cgroup', '-maxdepth', '2', '-name', cgroupOf(name)]);
  return [...found, ...stdout.split('\n').filter((line) => line !== '')];
}
