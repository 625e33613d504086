import { known, type Known } from '../../core/known.ts';
import { rightsToAskFor, type Actor, type Right } from '../../core/rights.ts';
import type { Settings } from '../../core/settings.ts';
import type { Cluster } from '../cluster.ts';
import { paths } from '../paths.ts';
import { unlessForbidden } from './unless-forbidden.ts';

interface AccessReview {
  status?: { allowed?: boolean };
}

/** Which of the rights that preflight may need it does not have. */
export async function gatherMissingRights(
  cluster: Cluster,
  settings: Settings,
  actor: Actor,
): Promise<Known<Right[]>> {
  if (actor === 'rendered') return known([]);
  const account = actor === 'self' ? undefined : actor.account;
  return await missingOf(cluster, settings.release.namespace, rightsToAskFor(settings), account);
}

/**
 * Which of some rights in a namespace a ServiceAccount there does not have, or the one who asks. Everybody who is signed in may
 * ask about themselves, and about others only who may create SubjectAccessReviews.
 */
export async function missingOf(
  cluster: Cluster,
  namespace: string,
  asked: readonly Right[],
  account?: string,
): Promise<Known<Right[]>> {
  return await unlessForbidden(async () => {
    const allowed = await Promise.all(asked.map((right) => mayDo(cluster, namespace, right, account)));
    return known(asked.filter((_, index) => allowed[index] !== true));
  });
}

async function mayDo(
  cluster: Cluster,
  namespace: string,
  right: Right,
  account: string | undefined,
): Promise<boolean> {
  const own = account === undefined;
  const review = await cluster.create<AccessReview>(own ? paths.ownAccessReviews : paths.accessReviews, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: own ? 'SelfSubjectAccessReview' : 'SubjectAccessReview',
    spec: {
      resourceAttributes: { namespace, ...right },
      ...(own ? {} : accountAsUser(namespace, account)),
    },
  });
  return review.status?.allowed === true;
}

/** The name and the groups of a ServiceAccount's token (Kubernetes: apiserver/pkg/authentication/serviceaccount). */
function accountAsUser(namespace: string, account: string): { user: string; groups: string[] } {
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return { user: `system:serviceaccount:${namespace}:${account}`, groups };
}
