import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pod } from '../../hooks/core/objects.ts';

/** What the program of a pod costs. */
export interface Usage {
  /** As the kubelet counts it: without file pages that nobody has used lately. */
  memoryMiB: number;
  /** Resident, with the pages of Node's own binary that other pods of the node share. */
  rssMiB: number;
  /** Of one core. */
  cpuPercent: number;
}

const mebibyte = 1024 * 1024;

/** Measures the program of a pod of the lab for a while, from the machine that the lab is on. */
export async function usageOf({ metadata: { uid = '' } }: Pod, milliseconds: number): Promise<Usage> {
  const pid = await programOf(uid);
  const before = await cpuSeconds(pid);
  await delay(milliseconds);
  const cpu = (await cpuSeconds(pid)) - before;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return {
    memoryMiB: (await workingSet(pid)) / mebibyte,
    rssMiB: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
    cpuPercent: (cpu / (milliseconds / 1000)) * 100,
  };
}

async function programOf(podUid: string): Promise<number> {
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const [cgroup = '', command = ''] = await Promise.all(
      ['cgroup', 'cmdline'].map((file) => readFile(`/proc/${entry}/${file}`, 'utf8').catch(() => '')),
    );
    if (cgroup.includes(podUid) && command.includes('marblerun-hooks')) return Number(entry);
  }
  throw new Error(`no program of pod ${podUid} runs`);
}

/** User and system time (proc(5), stat: fields 14 and 15, in hundredths of a second). */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function workingSet(pid: number): Promise<number> {
  const lines = (await readFile(`/proc/${pid}/cgroup`, 'utf8')).split('\n').map((line) => line.split(':'));
  const v1 = lines.find(([, controllers]) => controllers?.split(',').includes('memory'));
  const v2 = lines.find(([hierarchy]) => hierarchy === '0');
  const folder = join('/sys/fs/cgroup', ...(v1 === undefined ? [v2?.[2] ?? ''] : ['memory', v1[2] ?? '']));
  const usage = await readFile(
    join(folder, v1 === undefined ? 'memory.current' : 'memory.usage_in_bytes'),
    'utf8',
  );
  const stat = await readFile(join(folder, 'memory.stat'), 'utf8');
  const idle = /^(?:total_)?inactive_file (\d+)/m.exec(stat)?.[1] ?? '0';
  return Number(usage) - Number(idle);
}
