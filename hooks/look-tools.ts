import type { AskedRelease } from './cli/shared-options.ts';
import type { LookTools } from './commands/look.ts';
import { systemClock } from './io/clock.ts';
import { connect } from './io/cluster.ts';
import type { Access } from './io/credentials.ts';
import { reach, type Reach } from './io/reach.ts';

/** For a look, and for requests of one's own to the pods. */
type Tools = Omit<LookTools, 'reach'> & { reach: () => Reach };

/**
 * What a look at a release takes, as a person means it. Inside a cluster, and at the URL of `coordinator`, the Coordinator is
 * asked directly; from elsewhere through the API server. `onRetry` is told when a try fails and another follows.
 */
export function lookTools(
  { release, namespace, coordinator }: AskedRelease & { coordinator?: string | undefined },
  access: Access,
  { signal, onRetry }: { signal: AbortSignal; onRetry: (problem: string) => void },
): Tools {
  return {
    place: { namespace: namespace ?? access.namespace ?? 'default', release },
    connect: (until) =>
      connect({ credentials: access.credentials, clock: systemClock, signal: until, onRetry }),
    reach: () => reach(access.kubeconfig, coordinator),
    clock: systemClock,
    signal,
  };
}
