import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { identify, type ProcessId } from './processes.ts';

/** The process that a lab lives and dies with. */
export interface Holder {
  /** Ends the lab when it gets SIGTERM; a lab has nothing left once it is gone. */
  readonly outer: ProcessId;
  /** Process 1 of the lab's PID namespace, by its number outside. */
  readonly first: ProcessId;
  /** Lets the lab outlive this process. */
  stay(): Promise<void>;
}

/** The name of the lab's folder in each cgroup hierarchy. */
export function cgroupOf(lab: string): string {
  return `marblerun-lab-${lab}`;
}

/** Makes the namespaces of a lab. They vanish with this process, even if it is killed, unless told to stay. */
export async function holdLab(lab: string, dir: string): Promise<Holder> {
  const script = join(import.meta.dirname, 'holder.sh');
  const holder = execa('sh', [script, cgroupOf(lab), dir], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A Ctrl-C in the terminal is for this process; the holder cleans up after it.
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
  });
  const { stdin, stdout, stderr, pid } = holder;
  const words = new Promise<string>((resolve) => {
    let errors = '';
    stderr.on('data', (data: Buffer) => (errors += data.toString()));
    stdout.once('data', (data: Buffer) => {
      resolve(data.toString());
    });
    void holder.then(() => {
      resolve(`ended: ${errors}`);
    });
  });
  const said = await words;
  if (!said.startsWith('ready') || pid === undefined) throw new Error(`The lab's holder ${said}`);
  // None of these may keep this process alive: the holder waits for its end.
  holder.nodeChildProcess.unref();
  for (const pipe of [stdin, stdout, stderr]) (pipe as unknown as { unref: () => void }).unref();
  return {
    outer: await identify(pid),
    first: await identify(await firstProcess(pid)),
    stay: () => new Promise((resolve) => void stdin.end('stay\n', resolve)),
  };
}

/** holder.sh has one child, unshare, and that has one child, the first process of the namespace. */
async function firstProcess(holder: number): Promise<number> {
  return onlyChild(await onlyChild(holder));
}

async function onlyChild(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return Number(children.trim());
}
