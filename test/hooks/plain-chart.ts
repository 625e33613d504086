import type { Deployment } from '../../hooks/core/objects.ts';
import { chartClaim } from '../../hooks/core/storage.ts';
import type { Query } from '../../hooks/io/cluster.ts';
import { paths } from '../../hooks/io/paths.ts';
import { anchorPod, coordinatorName, namespace, pod } from './builders.ts';
import { claim } from './claims.ts';
import { recordPath } from './record.ts';
import { runningCluster, type SessionOptions } from './session.ts';

const deploymentPath = paths.deployment(namespace, coordinatorName);

/** A release of another chart: it surges, has no anchor, no record and no mark on its claim, and `kubectl set image` was used on it. */
export function fromPlainChart({
  cluster = runningCluster(),
  ...options
}: SessionOptions = {}): SessionOptions {
  cluster.objects.delete(paths.pod(namespace, anchorPod().metadata.name));
  cluster.objects.delete(recordPath);
  cluster.put(
    paths.pod(namespace, pod().metadata.name),
    pod(({ metadata }) => delete metadata.labels?.['marblerun-hooks/placement-group']),
  );
  cluster.put(
    paths.claim(namespace, chartClaim),
    claim(({ metadata }) => delete metadata.annotations?.['helm.sh/resource-policy']),
  );
  const live = cluster.objects.get(deploymentPath) as unknown as Deployment;
  live.spec.strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } };
  const image = { 'f:containers': { 'k:{"name":"coordinator"}': { 'f:image': {} } } };
  live.metadata.managedFields = [
    { manager: 'helm', operation: 'Apply' },
    {
      manager: 'kubectl-set',
      operation: 'Update',
      fieldsV1: { 'f:spec': { 'f:template': { 'f:spec': image } } },
    },
  ];
  const patch = cluster.patch.bind(cluster);
  // The API server's answer to Helm's apply, for as long as kubectl set image owns the field.
  cluster.patch = async <T>(path: string, type: string, body: object, query?: Query) => {
    const owned = live.metadata.managedFields?.some(({ manager }) => manager === 'kubectl-set');
    const dry = query?.dryRun !== undefined;
    const field = '.spec.template.spec.containers[name="coordinator"].image';
    const causes = [{ message: 'conflict with "kubectl-set" using apps/v1', field }];
    if (dry && owned === true) {
      cluster.refusals.push({
        verb: 'patch',
        path: /deployments/,
        error: { kind: 'conflict', message: 'x', causes },
      });
    }
    try {
      return await patch<T>(path, type, body, query);
    } finally {
      if (dry && owned === true) cluster.refusals.pop();
    }
  };
  return { cluster, ...options };
}
