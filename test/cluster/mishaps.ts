import type { Pod } from '../../hooks/core/objects.ts';
import type { Role } from '../audit/rights.ts';
import { until } from '../lab/progress.ts';
import type { Release } from './release.ts';
import { rolloutName } from './roll-in-progress.ts';

/** Waits until an API server that was started again answers. */
export async function untilApiServerAnswers({ lab }: Release): Promise<void> {
  const answers = async (): Promise<boolean> => {
    const { exitCode } = await lab.exec('kubectl', ['get', '--raw', '/readyz'], { reject: false });
    return exitCode === 0;
  };
  await until(answers, 60, () => Promise.resolve(new Error('the API server does not answer')));
}

/** Evicts a pod through the API, as a drain of its node does. */
export async function evict(release: Release, pod: Pod | undefined): Promise<void> {
  if (pod === undefined) throw new Error('there is no pod to evict');
  const { name, namespace } = pod.metadata;
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  const path = `/api/v1/namespaces/${namespace ?? ''}/pods/${name}/eviction`;
  const input = JSON.stringify(eviction);
  await release.lab.exec('kubectl', ['create', '--raw', path, '-f', '-'], { input });
}

/** Takes the right to watch away from the rollout hook that runs; the next upgrade gives it back. */
export async function withoutWatch(release: Release): Promise<void> {
  const role = await release.lab.get<Role>('clusterrole', clusterRoleOf(release));
  const rules = (role.rules ?? []).map(({ verbs, ...rule }) => {
    return { ...rule, verbs: verbs.filter((verb) => verb !== 'watch') };
  });
  const input = JSON.stringify({ ...role, rules });
  await release.lab.exec('kubectl', ['replace', '-f', '-'], { input });
}

/** Takes all rights outside its namespace away from the rollout hook that runs. */
export async function withoutClusterRights(release: Release): Promise<void> {
  await release.lab.kubectl('delete', 'clusterrolebinding', clusterRoleOf(release));
}

/** The chart gives the ClusterRole and its binding the same name. */
function clusterRoleOf({ namespace }: Release): string {
  return `${rolloutName}-${namespace}`;
}

interface Job {
  spec: { template: { metadata: { labels?: object }; spec: object } };
  status?: { succeeded?: number; failed?: number };
}

/**
 * Starts one more pod of the rollout hook beside the one that runs. It has a ServiceAccount of its own, for Helm removes
 * that of the hook as soon as the first has ended.
 */
export async function secondRollout(release: Release): Promise<{ succeeded: () => Promise<boolean> }> {
  const { lab, namespace } = release;
  const name = 'second-rollout';
  const { spec } = await lab.get<Job>('job', rolloutName, '-n', namespace);
  const metadata = { name, namespace };
  const subjects = [{ kind: 'ServiceAccount', ...metadata }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' };
  await lab.apply(
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: `${namespace}-${name}` },
      roleRef,
      subjects,
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: {
        backoffLimit: 0,
        template: { spec: { ...spec.template.spec, serviceAccountName: name, serviceAccount: name } },
      },
    },
  );
  let job: Job | undefined;
  const ended = async (): Promise<boolean> => {
    job = await lab.get<Job>('job', name, '-n', namespace);
    return (job.status?.succeeded ?? 0) + (job.status?.failed ?? 0) > 0;
  };
  return {
    succeeded: async () => {
      await until(ended, 60, async () => new Error(await release.kubectl('logs', `job/${name}`)));
      await lab.kubectl('delete', 'clusterrolebinding', `${namespace}-${name}`);
      return job?.status?.succeeded === 1;
    },
  };
}

/** Waits until the Coordinator's pod is another one, and ready. */
export async function untilReplaced(release: Release, uid: string | undefined): Promise<void> {
  const replaced = async (): Promise<boolean> => {
    const pods = await release.pods('edgeless.systems/control-plane-component=coordinator');
    return pods.some(({ metadata, status }) => {
      return metadata.uid !== uid && status?.containerStatuses?.[0]?.ready === true;
    });
  };
  await until(replaced, 60, () => Promise.resolve(new Error('no new Coordinator pod became ready')));
}
