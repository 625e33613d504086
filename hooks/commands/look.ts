import type { StatusFacts } from '../core/status-view/facts.ts';
import type { Clock } from '../io/clock.ts';
import type { Cluster } from '../io/cluster.ts';
import { gatherStatus, type StatusPlace } from '../io/gather/status.ts';
import type { Reach } from '../io/reach.ts';
import { within } from '../io/within.ts';

/** What a look at a release takes. */
export interface LookTools {
  place: StatusPlace;
  /** A connection that ends with the signal. */
  connect: (signal: AbortSignal) => Cluster;
  /** How pods are asked; made anew for each look. */
  reach: () => Pick<Reach, 'coordinatorAt' | 'close'>;
  clock: Clock;
  signal: AbortSignal;
}

/** No look waits longer. */
const lookMilliseconds = 30_000;

/** Looks at a release once, as a person's credentials let it be seen. Changes nothing. */
export async function lookOnce({ place, connect, reach, clock, signal }: LookTools): Promise<StatusFacts> {
  const way = reach();
  try {
    return await within(lookMilliseconds, signal, async (bounded) => {
      const sources = { cluster: connect(bounded), coordinatorAt: way.coordinatorAt, clock, signal: bounded };
      return await gatherStatus(sources, place);
    });
  } finally {
    way.close();
  }
}
