import { identity, started } from '../baseline.ts';
import { valueOf } from '../known.ts';
import type { RolloutRecord } from '../record.ts';
import { nodesOf } from '../several.ts';
import { CoordinatorState } from '../states.ts';
import { nodeOf, versionIn, type Scene } from './scene.ts';

/**
 * The record as it has to be to stay true of a Coordinator in state 3, when no hook saw what happened: the node of the same
 * state after a move, and what identifies the state where the record does not say, since the Manifest came after the last
 * rollout. Undefined when there is nothing to note: another state is for a hook to judge, and without a record there is
 * no release that a hook has seen.
 */
export function noteFor(scene: Scene, now: Date): RolloutRecord | undefined {
  const { coordinator } = scene;
  const record = valueOf(scene.record);
  const node = nodeOf(scene);
  if (record === undefined || node === '') return undefined;
  if (coordinator?.state !== CoordinatorState.AcceptingMarbles || coordinator.manifest === undefined) {
    return undefined;
  }
  const isNew = record.rootCertificate === undefined && record.manifestFingerprint === undefined;
  if (!isNew && !isSame(record, identity(coordinator))) return undefined;
  const place = placeOf(scene);
  if (!isNew && isAt(record, place)) return undefined;
  const mesh = isNew && record.startedUnder === undefined ? started(coordinator, versionIn(scene)) : {};
  return {
    ...record,
    time: now.toISOString(),
    coordinator: { version: record.coordinator.version, image: record.coordinator.image, ...place },
    ...(isNew ? identity(coordinator) : {}),
    ...mesh,
  };
}

type Place = Pick<RolloutRecord['coordinator'], 'node' | 'nodes'>;

/** The node of the pod that speaks for all, and all nodes where there are several. */
function placeOf(scene: Scene): Place {
  const nodes = nodesOf(scene.pods ?? []);
  return { node: nodeOf(scene), ...(nodes.length > 1 ? { nodes } : {}) };
}

function isAt({ coordinator }: RolloutRecord, { node, nodes }: Place): boolean {
  return coordinator.node === node && JSON.stringify(coordinator.nodes) === JSON.stringify(nodes);
}

function isSame(record: RolloutRecord, now: Partial<RolloutRecord>): boolean {
  return (
    record.rootCertificate === now.rootCertificate && record.manifestFingerprint === now.manifestFingerprint
  );
}
