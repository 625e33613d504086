import { isGoingOn } from './detach.ts';
import type { PreflightFacts } from './facts.ts';
import { valueOf } from './known.ts';
import type { ManagedFields } from './objects.ts';
import { isSetImage, withoutSetImage } from './ownership.ts';
import { placementVerdict } from './placement/verdict.ts';
import { needsPin, pinName } from './pin.ts';
import { missingFor } from './rights.ts';
import { isSeveral } from './several.ts';
import { CoordinatorState } from './states.ts';
import { chartClaim, keepAnnotation } from './storage.ts';

/** One thing that preflight does after every check has passed. Each is safe to repeat. */
export type PreflightAction =
  | { kind: 'end-roll' }
  | { kind: 'note-baseline' }
  | { kind: 'keep-claim'; claim: string }
  | { kind: 'hold-node'; node: string }
  | { kind: 'release-pin' }
  | { kind: 'release-anchor'; pods: string[] }
  | { kind: 'switch-strategy' }
  | { kind: 'take-back-image'; managedFields: ManagedFields[]; resourceVersion: string };

/** What is done before Helm applies the objects, in order: what a right is missing for was accepted to be left out. */
export function planPreflight(facts: PreflightFacts): PreflightAction[] {
  return wantedActions(facts).filter(({ kind }) => missingFor(kind, facts).length === 0);
}

/** What should be done before Helm applies the objects, in order. */
export function wantedActions(facts: PreflightFacts): PreflightAction[] {
  const { live, target } = facts;
  if (live === undefined) return [];
  const actions: PreflightAction[] = [
    ...endOfRoll(facts),
    ...baseline(facts),
    ...claim(facts),
    ...pin(facts),
  ];
  // Server-side apply refuses `Recreate` while the live object still has the defaulted rollingUpdate block.
  if (target.spec.strategy?.type === 'Recreate' && live.spec.strategy?.type !== 'Recreate') {
    actions.push({ kind: 'switch-strategy' });
  }
  return [...actions, ...image(facts)];
}

/** A Marble that restarts while the Coordinator is replaced does not start again. */
function endOfRoll({ roll }: PreflightFacts): PreflightAction[] {
  if (roll === undefined) return [];
  // One that cannot be seen may go on.
  const goesOn = !roll.known || (roll.value !== undefined && isGoingOn(roll.value));
  return goesOn ? [{ kind: 'end-roll' }] : [];
}

/** In any other state a Coordinator's silence about its Manifest says nothing. */
const tellsItsState: readonly number[] = [
  CoordinatorState.AcceptingManifest,
  CoordinatorState.AcceptingMarbles,
];

/** What the rollout compares with has to be known before the old Coordinator goes. */
function baseline({ record, coordinator }: PreflightFacts): PreflightAction[] {
  const now = valueOf(coordinator);
  if (now === undefined || !tellsItsState.includes(now.state)) return [];
  const before = valueOf(record);
  const same =
    before?.rootCertificate === now.rootCertificate &&
    before?.manifestFingerprint === now.manifest?.fingerprint &&
    // Records of earlier versions do not tell it.
    (before?.recoveryKeys !== undefined || now.manifest === undefined);
  return same ? [] : [{ kind: 'note-baseline' }];
}

/**
 * Helm deletes what a release renders no more, unless the object in the cluster has the annotation (Helm 3 and 4: pkg/kube,
 * Client.Update). Upstream's charts make the claim without it.
 */
function claim({ storage }: PreflightFacts): PreflightAction[] {
  const metadata = valueOf(storage)?.live?.metadata;
  if (metadata?.name !== chartClaim || metadata.deletionTimestamp !== undefined) return [];
  const kept = Object.entries(keepAnnotation).every(([key, value]) => metadata.annotations?.[key] === value);
  return kept ? [] : [{ kind: 'keep-claim', claim: chartClaim }];
}

/** While no anchor holds the node, a pin pod does; after a declared move it would hold the wrong one. */
function pin(facts: PreflightFacts): PreflightAction[] {
  // Several Coordinators have no group to hold.
  if (isSeveral(facts.target)) return [];
  const verdict = placementVerdict(facts);
  if (verdict.kind === 'moves-as-declared') return releases(facts, verdict.node);
  if (verdict.kind !== 'stays' && verdict.kind !== 'unknown') return [];
  // Where preflight does not know, the scheduler does: it places the pin on the node, or the upgrade goes no further.
  const { node } = verdict;
  if (node === undefined || facts.settings.placement.stickiness !== 'required') return [];
  return needsPin(facts, node) ? [{ kind: 'hold-node', node }] : [];
}

/**
 * What keeps the group on a node that it is to leave. The anchor gives way by itself, but kube-scheduler (seen with 1.34)
 * does not try a pod again when the pod that it had to join goes: the new Coordinator could wait for five minutes.
 */
function releases({ group, pods }: PreflightFacts, node: string): PreflightAction[] {
  const pinned = group.some(({ metadata }) => metadata.name === pinName);
  const coordinators = new Set(pods.map(({ metadata }) => metadata.name));
  const anchors = group
    .filter(({ metadata, spec }) => spec.nodeName === node && !coordinators.has(metadata.name))
    .map(({ metadata }) => metadata.name)
    .filter((name) => name !== pinName);
  return [
    ...(pinned ? [{ kind: 'release-pin' as const }] : []),
    ...(anchors.length > 0 ? [{ kind: 'release-anchor' as const, pods: anchors }] : []),
  ];
}

function image({ settings, live, conflicts }: PreflightFacts): PreflightAction[] {
  const { container } = settings.coordinator;
  if (!conflicts.known || !conflicts.value.some((conflict) => isSetImage(conflict, container))) return [];
  const managedFields = withoutSetImage(live?.metadata.managedFields ?? [], container);
  if (managedFields === undefined) return [];
  return [{ kind: 'take-back-image', managedFields, resourceVersion: live?.metadata.resourceVersion ?? '' }];
}
