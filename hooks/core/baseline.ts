import type { PreflightFacts } from './facts.ts';
import { coordinatorImage, runningVersion } from './image.ts';
import { valueOf } from './known.ts';
import { startConditions, startKey } from './marbles/conditions.ts';
import { recoveryKeysOf, type RolloutRecord } from './record.ts';
import { releaseOf } from './releases.ts';
import { CoordinatorState, type CoordinatorFacts, type ManifestFacts } from './states.ts';

/**
 * The record that preflight leaves for the rollout to compare with, from the Coordinator that is about to go. What
 * Marbles started under stays as an earlier rollout wrote it, unless there is no Manifest any more and so no mesh.
 */
export function baselineRecord(facts: PreflightFacts, now: Date): RolloutRecord {
  const running = runningVersion(facts.live, facts.settings.coordinator);
  const before = valueOf(facts.record) ?? firstRecord(facts, running);
  const { chartVersion, coordinator, values } = before;
  const revision = before.revision === undefined ? {} : { revision: before.revision };
  const completed = before.completed === undefined ? {} : { completed: before.completed };
  const asked = valueOf(facts.coordinator);
  const mesh =
    asked?.state === CoordinatorState.AcceptingMarbles ? { ...identity(asked), ...runningUnder(facts) } : {};
  return {
    schemaVersion: 1,
    time: now.toISOString(),
    chartVersion,
    ...revision,
    coordinator,
    ...mesh,
    ...completed,
    values,
  };
}

/**
 * What Marbles run under that carry no key of their own: as an earlier rollout wrote it, else what the running
 * Coordinator gives them. Empty in any state but 3.
 */
export function runningUnder({
  settings,
  live,
  record,
  coordinator,
}: PreflightFacts): Partial<RolloutRecord> {
  const asked = valueOf(coordinator);
  if (asked?.state !== CoordinatorState.AcceptingMarbles) return {};
  return startedBefore(valueOf(record)) ?? started(asked, runningVersion(live, settings.coordinator));
}

/** What can be said of a Coordinator that no rollout has seen. */
function firstRecord(
  { settings, live, pods }: PreflightFacts,
  version: string,
): Omit<RolloutRecord, 'schemaVersion' | 'time'> {
  const image = live === undefined ? undefined : coordinatorImage(live, settings.coordinator);
  const node = pods[0]?.spec.nodeName ?? '';
  return { chartVersion: '', coordinator: { version, image: image ?? '', node }, values: {} };
}

/** What identifies a Coordinator's state, and what it takes to recover it. */
export function identity({ rootCertificate, manifest }: CoordinatorFacts): Partial<RolloutRecord> {
  return {
    ...(rootCertificate === undefined ? {} : { rootCertificate }),
    ...(manifest === undefined ? {} : ofManifest(manifest)),
  };
}

function ofManifest(manifest: ManifestFacts): Partial<RolloutRecord> {
  return { manifestFingerprint: manifest.fingerprint, recoveryKeys: recoveryKeysOf(manifest) };
}

/** What a record says that Marbles started under; undefined when it says nothing. */
export function startedBefore(
  record: Partial<RolloutRecord> | undefined,
): Partial<RolloutRecord> | undefined {
  if (record?.startedUnder === undefined) return undefined;
  const { startedUnder, bootstrapping, intermediateCertificate } = record;
  return {
    startedUnder,
    ...(bootstrapping === undefined ? {} : { bootstrapping }),
    ...(intermediateCertificate === undefined ? {} : { intermediateCertificate }),
  };
}

/** What Marbles start under at a Coordinator in state 3 of this version, as the record keeps it. */
export function started(coordinator: CoordinatorFacts, version: string): Partial<RolloutRecord> {
  const conditions = startConditions(coordinator, version, '');
  return {
    startedUnder: startKey(conditions),
    bootstrapping: releaseOf(version).bootstrapping,
    intermediateCertificate: conditions.intermediateCertificate,
  };
}
