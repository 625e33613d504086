import { environmentOf, sharesState } from './environment.ts';
import { mayHoldState, type PreflightFacts } from './facts.ts';
import { coordinatorImage, liveVersion } from './image.ts';
import { valueOf } from './known.ts';
import { firstWith, releaseOf, type Release } from './releases.ts';
import { CoordinatorState } from './states.ts';

/** A reason why the new Coordinator cannot unseal, or cannot load, the state that the old one sealed. */
export interface SealBreak {
  code: SealBreakCode;
  subject: string;
  /** What is the case, as a sentence. */
  message: string;
  remedy: string;
  /** From what to what, for the token. */
  change: [string, string];
}

export type SealBreakCode =
  | 'security-version-downgrade'
  | 'seal-format-changed'
  | 'state-format-changed'
  | 'simulation-switched'
  | 'sealed-to-image';

/**
 * The version that sealed the state: the running one, or what the last rollout saw where the running one cannot read it
 * (state 1) or does not answer. Undefined when neither is known.
 */
export function sealedByVersion({ settings, live, coordinator, record }: PreflightFacts): string | undefined {
  const running = liveVersion(live, settings.coordinator);
  if (valueOf(coordinator)?.state === CoordinatorState.AcceptingMarbles) return running;
  const recorded = valueOf(record)?.coordinator.version;
  return recorded === undefined || recorded === '' ? running : recorded;
}

/** Everything in which the target cannot read what was sealed (MarbleRun: docs/architecture/security, seal/seal.go). */
export function sealBreaks(facts: PreflightFacts): SealBreak[] {
  if (facts.live === undefined || !mayHoldState(facts)) return [];
  const sealedBy = sealedByVersion(facts);
  return [
    ...(sealedBy === undefined ? [] : byVersion(facts, sealedBy)),
    ...bySimulation(facts),
    ...byImage(facts),
  ];
}

function byVersion({ settings }: PreflightFacts, sealedBy: string): SealBreak[] {
  const { version, simulation } = settings.coordinator;
  const before = releaseOf(sealedBy);
  const after = releaseOf(version);
  const breaks: SealBreak[] = [];
  if (!simulation && after.securityVersion < before.securityVersion) {
    breaks.push({
      code: 'security-version-downgrade',
      subject: 'coordinator.version',
      message: `${version} has SecurityVersion ${after.securityVersion}, and ${sealedBy}, which sealed the state, has ${before.securityVersion}. SGX gives a sealing key to the same or a higher SecurityVersion only.`,
      remedy: `Stay on ${sealedBy} or a later version.`,
      change: [sealedBy, version],
    });
  }
  if (after.stateFormat !== before.stateFormat) {
    breaks.push({
      code: 'state-format-changed',
      subject: 'coordinator.version',
      message: `${version} cannot load a state that ${sealedBy} wrote: the form of the state is another from ${boundary('stateFormat', before, after)} on. Its process exits at each start.`,
      remedy: `Stay on a version that writes the same form. To start anew with a new Manifest, acknowledge this.`,
      change: [sealedBy, version],
    });
  } else if (after.sealFormat !== before.sealFormat) {
    breaks.push({
      code: 'seal-format-changed',
      subject: 'coordinator.version',
      message: `${version} cannot unseal a key that ${sealedBy} sealed: from ${boundary('sealFormat', before, after)} on, sealed_key is bound to sealed_data.`,
      remedy: 'There is no way round the recovery; do it at a time that suits.',
      change: [sealedBy, version],
    });
  }
  return breaks;
}

/** The version at which a format changed, whichever way it is crossed. */
function boundary(format: 'stateFormat' | 'sealFormat', one: Release, other: Release): string {
  return firstWith(format, Math.max(one[format], other[format])) ?? '';
}

function bySimulation({ settings, live }: PreflightFacts): SealBreak[] {
  if (live === undefined) return [];
  const running = environmentOf(live, settings.coordinator).OE_SIMULATION;
  const before = running === '1';
  const after = settings.coordinator.simulation;
  if (running === undefined || before === after) return [];
  const name = (simulation: boolean) => (simulation ? 'in simulation' : 'with SGX');
  return [
    {
      code: 'simulation-switched',
      subject: 'coordinator.simulation',
      message: `The Coordinator runs ${name(before)} and is to run ${name(after)}: neither can unseal what the other sealed.`,
      remedy: `Set coordinator.simulation to ${before}.`,
      change: [name(before), name(after)],
    },
  ];
}

function byImage({ settings, live, target, coordinator }: PreflightFacts): SealBreak[] {
  if (settings.coordinator.simulation || live === undefined) return [];
  const sealMode = valueOf(coordinator)?.manifest?.sealMode;
  // Where the state is shared, Disabled means UniqueKey (MarbleRun docs, define-manifest).
  const toImage =
    sealMode === 'UniqueKey' || (sealMode === 'Disabled' && sharesState(live, settings.coordinator));
  if (!toImage) return [];
  const before = coordinatorImage(live, settings.coordinator) ?? '';
  const after = coordinatorImage(target, settings.coordinator) ?? '';
  if (before === after) return [];
  return [
    {
      code: 'sealed-to-image',
      subject: 'the Manifest in force',
      message: `The Manifest sets SealMode ${sealMode}, so that only ${before} can unseal the state, and ${after} is to run.`,
      remedy: 'Keep the image, or set SealMode ProductKey with a Manifest update (from v1.9) first.',
      change: [before, after],
    },
  ];
}
