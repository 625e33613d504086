import type { PreflightFacts } from '../facts.ts';
import { coordinatorImage } from '../image.ts';
import type { Deployment } from '../objects.ts';
import { fieldsText } from './changes.ts';
import { driftedPaths, removedPaths } from './differences.ts';

/** Whether the Coordinator's pods are made anew. `unknown` where the release that is deployed could not be read. */
export interface CoordinatorRestart {
  kind: 'first' | 'restarts' | 'stays' | 'unknown';
  why: string;
}

/**
 * The Deployment makes new pods when its template changes: by what is rendered and is not live yet, and by what is rendered no more
 * and still is. What a failed upgrade has applied already is live, though the deployed release is an older one.
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
  const removed =
    before === undefined ? [] : removedPaths(before.spec.template, template, live.spec.template);
  const fields = [...removed, ...drifted];
  if (was !== will)
    return { kind: 'restarts', why: `its image changes: ${was ?? 'none'} -> ${will ?? 'none'}` };
  if (fields.length > 0) return { kind: 'restarts', why: `its pod template changes: ${fieldsText(fields)}` };
  if (before === undefined) {
    return { kind: 'unknown', why: 'what its Deployment was rendered from before is not known' };
  }
  return { kind: 'stays', why: 'its pod template stays the same' };
}
