import type { Deployment } from '../../hooks/core/objects.ts';
import { restoreJobName } from '../../hooks/core/restore/job.ts';
import { paths } from '../../hooks/io/paths.ts';
import { copy, sealedKey } from './backups.ts';
import { coordinator, coordinatorName, namespace, pod } from './builders.ts';
import { byHand, endedWith, putCopy, type ByHand } from './by-hand.ts';

export const deploymentPath = paths.deployment(namespace, coordinatorName);
export const jobPath = paths.job(namespace, restoreJobName);
export const jobPodPath = paths.pod(namespace, 'restore-x');
export const podPath = paths.pod(namespace, pod().metadata.name);

interface Played {
  said: string;
  code: number;
  /** What the Coordinator comes up in. */
  state?: number;
}

/** A Coordinator that has lost its volume, two copies, and a cluster that plays its part. */
export function lostVolume(played: Played = { said: 'Restored it.', code: 0 }): ByHand {
  const given = byHand();
  given.answer = coordinator((object) => (object.state = 2));
  putCopy(given.cluster, 1, copy('old', '2026-11-01T12:00:00.000Z'));
  putCopy(given.cluster, 2, copy('new', '2026-11-02T12:00:00.000Z', sealedKey()));
  play(given, played);
  return given;
}

/** Plays the controllers: the Coordinator's pod goes and comes, and the Job's ends. */
export function play(given: ByHand, { said, code, state = 1 }: Played): void {
  const { cluster } = given;
  cluster.afterWrite = ({ verb, path }) => {
    coordinatorFollows(given, path);
    if (path === deploymentPath && deploymentNow(given).spec.replicas !== 0) {
      given.answer = coordinator((object) => (object.state = state));
    }
    if (verb === 'create' && path.endsWith('/jobs')) {
      const labels = { 'job-name': restoreJobName };
      cluster.put(jobPodPath, {
        metadata: { name: 'restore-x', namespace, labels },
        status: endedWith(said, code),
      });
    }
    if (path === jobPath) cluster.objects.delete(jobPodPath);
  };
}

/** The Coordinator's pod goes and comes with the replica count. */
export function coordinatorFollows({ cluster }: ByHand, path: string): void {
  if (path !== deploymentPath) return;
  if (deploymentNow({ cluster }).spec.replicas === 0) cluster.objects.delete(podPath);
  else cluster.put(podPath, pod());
}

/** The Coordinator's Deployment as it is. */
export function deploymentNow({ cluster }: Pick<ByHand, 'cluster'>): Deployment {
  return cluster.objects.get(deploymentPath) as Deployment;
}
