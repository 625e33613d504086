import { rollJobName, type Job } from '../core/detach.ts';
import { paths } from '../io/paths.ts';
import { waitFor } from '../io/wait.ts';
import { waitOf, type Session } from './session.ts';

/**
 * Removes the Job of an earlier roll, and waits until its pod is gone, so that no two of them ever roll Marbles. What it
 * had not restarted by then keeps its key, and is found by the next roll.
 */
export async function endRoll(session: Session): Promise<void> {
  const { cluster, files } = session;
  const path = paths.job(files.settings.release.namespace, rollJobName);
  if ((await cluster.get<Job>(path)) === undefined) return;
  // In the foreground: the Job is there for as long as its pod. By default its pod would be left to itself.
  await cluster.delete(path, { propagationPolicy: 'Foreground' });
  await waitFor(waitOf(session), `job/${rollJobName}`, async () =>
    (await cluster.get<Job>(path)) === undefined
      ? { done: true, value: undefined }
      : { done: false, message: 'an earlier roll is ending' },
  );
}
