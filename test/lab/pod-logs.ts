import { link, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeNames } from './addresses.ts';

const milliseconds = 500;

/** The folder in which {@link keepPodLogs} keeps logs: NAMESPACE_POD_UID/CONTAINER/RESTARTS.log. */
export function keptLogsOf(dir: string): string {
  return join(dir, 'kept-logs');
}

/**
 * Keeps the log of every container of a lab, also when its pod is deleted, by a second name for the file: the kubelet
 * removes its own one only. Looks twice a second, without keeping the process alive; a pod's log outlives its deletion by
 * longer than that.
 */
export function keepPodLogs(dir: string): void {
  const look = (): void => {
    void linkLogs(dir).finally(() => setTimeout(look, milliseconds).unref());
  };
  look();
}

/** Gives every log that is there now its second name. */
export async function linkLogs(dir: string): Promise<void> {
  for (const node of nodeNames) {
    const logs = join(dir, node, 'pod-logs');
    // What vanishes in between was linked before, or was empty.
    for (const file of await readdir(logs, { recursive: true }).catch(() => [])) {
      if (!/^[^/]+\/[^/]+\/\d+\.log$/.test(file)) continue;
      const kept = join(keptLogsOf(dir), file);
      await mkdir(join(kept, '..'), { recursive: true });
      await link(join(logs, file), kept).catch(() => undefined);
    }
  }
}
