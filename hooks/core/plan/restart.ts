import type { PreflightFacts } from '../facts.ts';
import { coordinatorImage } from '../image.ts';
import type { Deployment } from '../objects.ts';
import { fieldsText } from './changes.ts';
import { changedPaths, driftedPaths } from './differences.ts';

/** Whether the Coordinator's pods are made anew. `unknown` where the release that is deployed could not be read. */
export interface CoordinatorRestart {
  kind: 'first' | 'restarts' | 'stays' | 'unknown';
  why: string;
}

/**
 * The Deployment makes new pods when its template changes: by what is rendered now and was not before, and by what somebody
 * changed by hand in between, which Helm takes back.
 */
export function coordinatorRestart(
  { settings, live, target }: Pick<PreflightFacts, 'settings' | 'live' | 'target'>,
  before: Deployment | undefined,
): CoordinatorRestart {
  if (live === undefined) return { kind: 'first', why: 'there is no Coordinator yet' };
  const was = coordinatorImage(live, settings.coordinator);
  const will = coordinatorImage(target, settings.coordinator);
  const { template } = target.spec;
  const drifted = driftedPaths(template, live.spec.template);
  const changed = before === undefined ? [] : changedPaths(before.spec.template, template);
  const fields = [...new Set([...changed, ...drifted])];
  if (was !== will)
    return { kind: 'restarts', why: `its image changes: ${was ?? 'none'} -> ${will ?? 'none'}` };
  if (fields.length > 0) return { kind: 'restarts', why: `its pod template changes: ${fieldsText(fields)}` };
  if (before === undefined) {
    return { kind: 'unknown', why: 'what its Deployment was rendered from before is not known' };
  }
  return { kind: 'stays', why: 'its pod template stays the same' };
}
