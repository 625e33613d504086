import { readFile } from 'node:fs/promises';
import { until } from './progress.ts';

/** A process that cannot be mistaken for a later one that got the same number. */
export interface ProcessId {
  readonly pid: number;
  readonly startTime: string;
}

/** The identity of a process that runs now. */
export async function identify(pid: number): Promise<ProcessId> {
  const startTime = await startTimeOf(pid);
  if (startTime === undefined) throw new Error(`process ${pid} is gone`);
  return { pid, startTime };
}

/** Whether that very process still runs. */
export async function alive({ pid, startTime }: ProcessId): Promise<boolean> {
  return (await startTimeOf(pid)) === startTime;
}

/** Sends a signal to that very process, if it still runs, and waits until it is gone. */
export async function end(id: ProcessId, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (!(await alive(id))) return;
  process.kill(id.pid, signal);
  const gone = async (): Promise<boolean> => !(await alive(id));
  await until(gone, 30, () => Promise.resolve(new Error(`process ${id.pid} did not end`)));
}

async function startTimeOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field is the command in brackets and may hold spaces; state is field 3, the start time field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}
