import { rollJobName } from './detach.ts';
import type { PreflightFacts } from './facts.ts';
import type { PreflightAction } from './preflight-plan.ts';
import { pinName } from './pin.ts';
import { recordName } from './record.ts';
import type { Settings } from './settings.ts';
import { chartClaim } from './storage.ts';

/** One thing that RBAC allows or not, in the release's namespace. */
export interface Right {
  verb: string;
  group: string;
  resource: string;
  /** Absent where a name cannot limit it, as with `create`. */
  name?: string;
}

/**
 * Whose rights count for preflight's acts: those of the one who asks, those that the chart renders for it, which are all that it
 * needs, or those that somebody gave its ServiceAccount.
 */
export type Actor = 'self' | 'rendered' | { account: string };

type Act = PreflightAction['kind'] | 'write-event';

function core(verb: string, resource: string, name?: string): Right {
  return name === undefined ? { verb, group: '', resource } : { verb, group: '', resource, name };
}

function patchDeployment({ coordinator }: Settings): Right[] {
  return [{ verb: 'patch', group: 'apps', resource: 'deployments', name: coordinator.deployment }];
}

/** What each of preflight's acts needs (charts: templates/preflight/role.yaml). */
const needs: Readonly<Record<Act, (settings: Settings) => Right[]>> = {
  'end-roll': ({ rollout }) =>
    rollout.detach
      ? ['get', 'delete'].map((verb) => ({ verb, group: 'batch', resource: 'jobs', name: rollJobName }))
      : [],
  'note-baseline': () => [core('patch', 'configmaps', recordName), core('create', 'configmaps')],
  'keep-claim': () => [core('patch', 'persistentvolumeclaims', chartClaim)],
  'hold-node': () => [core('create', 'pods'), core('get', 'pods', pinName), core('delete', 'pods', pinName)],
  'release-pin': () => [core('delete', 'pods', pinName)],
  'release-anchor': () => [core('patch', 'pods')],
  'switch-strategy': patchDeployment,
  'take-back-image': patchDeployment,
  'write-event': () => [core('create', 'events')],
};

/** The rights that an act of preflight needs. */
export function rightsFor(act: Act, settings: Settings): Right[] {
  return needs[act](settings);
}

/** Everything that preflight may have to do; what it reads shows by itself whether it may. */
export function rightsToAskFor(settings: Settings): Right[] {
  const rights = Object.values(needs).flatMap((need) => need(settings));
  return rights.filter((right, index) => rights.findIndex((other) => isSame(right, other)) === index);
}

/** The rights that an act needs and preflight does not have; empty, too, where it is not known. */
export function missingFor(
  act: Act,
  { settings, missingRights }: Pick<PreflightFacts, 'settings' | 'missingRights'>,
): Right[] {
  if (!missingRights.known) return [];
  const missing = missingRights.value;
  return rightsFor(act, settings).filter((right) => missing.some((other) => isSame(right, other)));
}

/** A right as `kubectl auth can-i` takes it: `patch deployments.apps/marblerun-coordinator`. */
export function rightName({ verb, group, resource, name }: Right): string {
  const kind = group === '' ? resource : `${resource}.${group}`;
  return `${verb} ${kind}${name === undefined ? '' : `/${name}`}`;
}

function isSame(one: Right, other: Right): boolean {
  return rightName(one) === rightName(other);
}
