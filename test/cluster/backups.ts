import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pod, Secret } from '../../hooks/core/objects.ts';
import { until } from '../lab/progress.ts';
import type { Release } from './release.ts';

/** The Secrets of the ring, by name. */
export async function copiesOf({ lab, namespace }: Release): Promise<Secret[]> {
  const label = 'app.kubernetes.io/component=coordinator-backup';
  const { items } = await lab.get<{ items: Secret[] }>('secrets', '-n', namespace, '-l', label);
  return items;
}

/** The folder on this machine behind the release's volume. */
export function volumeOf({ lab, namespace }: Release): string {
  return join(lab.dir, 'volumes', namespace, 'coordinator-pv-claim');
}

/** How some bytes look where they have leaked: as hex, and as base64 at each of its three alignments. */
export function tracesOf(bytes: Uint8Array): string[] {
  const part = Buffer.from(bytes.subarray(0, 32));
  const base64 = [0, 1, 2].map((skip) => part.subarray(skip).toString('base64').slice(0, 18));
  return [part.toString('hex').slice(0, 24), ...base64];
}

/** Everything that was seen of a namespace's pods, also of those that are gone. */
export interface PodWatch {
  /** Each pod as it was after each change. */
  pods(): Promise<Pod[]>;
  stop(): Promise<void>;
}

/** Watches the pods of a release from now on. */
export async function watchPods({ lab, namespace }: Release): Promise<PodWatch> {
  const file = join(lab.dir, `${namespace}-pods.jsonl`);
  const watch = `kubectl -n ${namespace} get pods --watch -o json --output-watch-events`;
  // One line for each event: kubectl prints them indented.
  const script = `echo $$ > ${file}.pid; : > ${file}; exec ${watch} >> ${file}`;
  const ended = lab.exec('bash', ['-c', script], { reject: false });
  const started = async (): Promise<boolean> =>
    await readFile(file).then(
      () => true,
      () => false,
    );
  await until(started, 10, () => Promise.resolve(new Error('the pods cannot be watched')));
  return {
    pods: async () => {
      const text = await readFile(file, 'utf8');
      const events = text.split(/^(?=\{)/m).filter((event) => event.trim() !== '');
      return events.map((event) => (JSON.parse(event) as { object: Pod }).object);
    },
    stop: async () => {
      await lab.exec('bash', ['-c', `kill $(cat ${file}.pid)`], { reject: false });
      await ended;
    },
  };
}
