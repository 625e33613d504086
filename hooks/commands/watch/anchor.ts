import type { RolloutRecord } from '../../core/record.ts';
import { shortened } from '../../core/watch/text.ts';
import type { WatchEvent } from '../../core/watch/events.ts';
import type { Scene } from '../../core/watch/scene.ts';
import type { Clock } from '../../io/clock.ts';
import type { Cluster } from '../../io/cluster.ts';
import { ClusterError } from '../../io/cluster-error.ts';
import type { Coordinator } from '../../io/coordinator.ts';
import { eventMessageLimit, writeEvent } from '../../io/events.ts';
import { gatherScene, type Place } from '../../io/gather/scene.ts';
import type { Listener } from '../../io/listener.ts';
import { changeRecord } from '../../io/record.ts';
import { within } from '../../io/within.ts';

/** What the anchor works with beside the Coordinator; the pin has none of it. */
export interface AnchorTools {
  place: Place;
  /** A connection that ends with the signal. */
  connect: (signal: AbortSignal) => Promise<Cluster>;
  coordinatorAt: (url: string) => Coordinator;
  listener: Listener;
  clock: Clock;
  signal: AbortSignal;
}

/** No round of the watch waits longer for the API server. */
const lookMilliseconds = 5000;

/** Looks at the cluster, in bounded time; rejects when it cannot. */
export async function lookAround({ place, connect, coordinatorAt, signal }: AnchorTools): Promise<Scene> {
  return await within(
    lookMilliseconds,
    signal,
    async (bounded) =>
      await gatherScene({ cluster: await connect(bounded), coordinatorAt, signal: bounded }, place),
  );
}

/**
 * Writes an Event. One of the same occasion is there already when another anchor has told it: that is enough for an anchor
 * that has just begun (`first`), and an earlier occasion for one that has told something else since.
 */
export async function tellEvent(
  { place, connect, clock, signal }: AnchorTools,
  { occasion, message, type, reason }: WatchEvent,
  { deployment }: Scene,
  first: boolean,
): Promise<void> {
  const about = { namespace: place.namespace, name: place.deployment, uid: deployment?.metadata.uid };
  const text = { type, reason, message: shortened(message, eventMessageLimit) };
  const now = new Date(clock.now());
  await within(lookMilliseconds, signal, async (bounded) => {
    const cluster = await connect(bounded);
    await writeEvent(cluster, { ...about, occasion }, text, now).catch(async (error: unknown) => {
      if (!isConflict(error)) throw error;
      if (!first) await writeEvent(cluster, about, text, now);
    });
  });
}

/** Writes the record, unless a hook has written it since it was read: then the next look decides anew. */
export async function noteRecord(
  { place, connect, signal }: AnchorTools,
  record: RolloutRecord,
  { recordVersion }: Scene,
): Promise<void> {
  await within(lookMilliseconds, signal, async (bounded) => {
    await changeRecord(await connect(bounded), place.namespace, record, recordVersion ?? '');
  });
}

function isConflict(error: unknown): boolean {
  return error instanceof ClusterError && error.kind === 'conflict';
}
