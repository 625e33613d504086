import { known, type Known } from '../../core/known.ts';
import { rightsToAskFor, type Right } from '../../core/rights.ts';
import type { Settings } from '../../core/settings.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { unlessForbidden } from './unless-forbidden.ts';

interface AccessReview {
  status?: { allowed?: boolean };
}

/** Which of the rights that preflight may need it does not have. Everybody who is signed in may ask about themselves. */
export async function gatherMissingRights(cluster: Cluster, settings: Settings): Promise<Known<Right[]>> {
  return await missingOf(cluster, settings.release.namespace, rightsToAskFor(settings));
}

/** Which of some rights in a namespace the one who asks does not have. */
export async function missingOf(
  cluster: Cluster,
  namespace: string,
  asked: readonly Right[],
): Promise<Known<Right[]>> {
  return await unlessForbidden(async () => {
    const allowed = await Promise.all(asked.map((right) => mayDo(cluster, namespace, right)));
    return known(asked.filter((_, index) => allowed[index] !== true));
  });
}

async function mayDo(cluster: Cluster, namespace: string, right: Right): Promise<boolean> {
  const review = await cluster.create<AccessReview>(paths.accessReviews, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { namespace, ...right } },
  });
  return review.status?.allowed === true;
}
