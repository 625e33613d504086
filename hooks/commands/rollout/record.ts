import { identity } from '../../core/baseline.ts';
import { coordinatorImage } from '../../core/image.ts';
import { valueOf } from '../../core/known.ts';
import { userValues } from '../../core/lost/recorded.ts';
import type { Deployment } from '../../core/objects.ts';
import { countedRevision, type RolloutRecord } from '../../core/record.ts';
import type { RolloutFacts } from '../../core/rollout.ts';
import type { Session } from '../session.ts';

/** What this rollout saw, with what it knows of what the Marbles started under. */
export function newRecord(
  { clock, detached }: Session,
  { settings, coordinator, pod, nodes = [], record }: RolloutFacts,
  deployment: Deployment,
  started: Partial<RolloutRecord>,
): RolloutRecord {
  const { revision } = settings.release;
  const seen: RolloutRecord = {
    schemaVersion: 1,
    time: new Date(clock.now()).toISOString(),
    chartVersion: settings.chart.version,
    revision,
    coordinator: {
      version: settings.coordinator.version,
      image: coordinatorImage(deployment, settings.coordinator) ?? '',
      node: pod.node,
      ...(nodes.length > 1 ? { nodes } : {}),
    },
    ...identity(coordinator),
    ...started,
    values: userValues(settings),
  };
  const before = valueOf(record);
  // The hook that handed the Marbles over has counted this rollout already.
  if (detached && before?.revision !== undefined) return { ...seen, revision: before.revision };
  return { ...seen, revision: countedRevision(seen, before) };
}
