import { rolloutJobName } from '../detach.ts';
import type { Known } from '../known.ts';

/** The newest revision of a release, as Helm keeps it. */
export interface HelmRevision {
  revision: number;
  /** Helm's own word, such as `deployed`, `failed` or `pending-upgrade`. */
  status: string;
}

/** What is known of the rollout that a recovery held up. */
export interface HeldUp {
  release: string;
  namespace: string;
  /** Whether the rollout hook still runs, so that it waits for the recovery. */
  hookRuns: Known<boolean>;
  helm: Known<HelmRevision | undefined>;
}

/** How the rollout goes on: what is said of it, and the arguments for Helm where it takes a command that fits. */
export interface NextStep {
  text: string;
  helm?: string[];
}

/**
 * How a rollout goes on that a recovery held up. A rollback to the very revision that failed applies it once more with all
 * its values, and so runs its hooks again (Helm 3 and 4: pkg/action/rollback.go).
 */
export function nextStep({ release, namespace, hookRuns, helm }: HeldUp): NextStep {
  if (hookRuns.known && hookRuns.value) {
    return {
      text: `The rollout hook has waited for this and goes on by itself: kubectl -n ${namespace} logs -f job/${rolloutJobName}`,
    };
  }
  const again = 'run the same helm command again, or sync again with Argo CD or Flux';
  if (!helm.known) return { text: `If an upgrade had failed by it, ${again} (${helm.why}).` };
  if (helm.value === undefined) return { text: `If an upgrade had failed by it, ${again}.` };
  const { revision, status } = helm.value;
  if (status === 'deployed')
    return { text: `Helm has revision ${revision} as deployed: no upgrade waits for this.` };
  if (status !== 'failed') return { text: `Helm has revision ${revision} as ${status}: ${again}.` };
  const command = ['rollback', release, String(revision), '-n', namespace];
  return {
    text: `Revision ${revision} failed, and its Marbles are not rolled: ${again}. So does this, with the values of that revision: helm ${command.join(' ')}`,
    helm: command,
  };
}
