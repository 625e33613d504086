import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What one run of a process took. */
export interface ProcessRun {
  /** Milliseconds since the epoch, from just before the program itself was started. */
  startedAt: number;
  endedAt: number;
  /** Highest resident memory seen, in MiB. */
  peakMiB: number;
}

/**
 * Runs a program in a mount namespace of its own, where `serviceAccount` stands at the path that every pod has it at.
 */
export async function runAsPod(
  serviceAccount: string,
  command: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<ProcessRun> {
  const target = '/var/run/secrets/kubernetes.io/serviceaccount';
  const script = `mount -t tmpfs none /var/run && mkdir -p ${target} && mount --bind "$1" ${target} && shift`;
  const wrapped = ['--mount', 'sh', '-euc', `${script} && ${become}`, 'sh', serviceAccount, ...command];
  return await measured(['unshare', ...wrapped], environment);
}

/** Runs a program in the network of another process, such as one of a lab. */
export async function runInNetworkOf(
  pid: number,
  command: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<ProcessRun> {
  const wrapped = [`--net=/proc/${pid}/ns/net`, '--', 'sh', '-euc', become, 'sh', ...command];
  return await measured(['nsenter', ...wrapped], environment);
}

/** The shell notes the time and becomes the program, so that neither it nor what came before is measured. */
const become = 'date +%s%N >&3 && exec "$@"';

/** Seldom enough to take nothing from what is measured: a look each millisecond costs 8 % of a core. */
const lookMilliseconds = 20;

async function measured(
  [file = '', ...args]: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<ProcessRun> {
  const child = spawn(file, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  let note = '';
  let said = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => (note += chunk.toString()));
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  let ended = 0;
  const exit = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      ended = Date.now();
      resolve(code);
    }),
  );
  let peakMiB = 0;
  while (ended === 0) {
    if (note !== '') peakMiB = Math.max(peakMiB, residentPeak(child.pid));
    await delay(lookMilliseconds);
  }
  const code = await exit;
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${said}`);
  return { startedAt: Number(note) / 1e6, endedAt: ended, peakMiB };
}

function residentPeak(pid: number | undefined): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
