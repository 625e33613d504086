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

/** What each of preflight's acts needs (charts: templates/preflight/role.yaml). */
export function rightsFor(kind: PreflightAction['kind'] | 'write-event', settings: Settings): Right[] {
  const core = (verb: string, resource: string, name?: string): Right =>
    name === undefined ? { verb, group: '', resource } : { verb, group: '', resource, name };
  const { deployment } = settings.coordinator;
  switch (kind) {
    case 'note-baseline':
      return [core('patch', 'configmaps', recordName), core('create', 'configmaps')];
    case 'keep-claim':
      return [core('patch', 'persistentvolumeclaims', chartClaim)];
    case 'hold-node':
      return [core('create', 'pods'), core('get', 'pods', pinName), core('delete', 'pods', pinName)];
    case 'release-anchor':
      return [core('patch', 'pods')];
    case 'release-pin':
      return [core('delete', 'pods', pinName)];
    case 'switch-strategy':
    case 'take-back-image':
      return [{ verb: 'patch', group: 'apps', resource: 'deployments', name: deployment }];
    case 'write-event':
      return [core('create', 'events')];
  }
}

/** Everything that preflight may have to do; what it reads shows by itself whether it may. */
export function rightsToAskFor(settings: Settings): Right[] {
  const kinds = [
    'note-baseline',
    'keep-claim',
    'hold-node',
    'release-pin',
    'release-anchor',
    'switch-strategy',
    'take-back-image',
    'write-event',
  ] as const;
  const rights = kinds.flatMap((kind) => rightsFor(kind, settings));
  return rights.filter((right, index) => rights.findIndex((other) => isSame(right, other)) === index);
}

/** The rights that an act needs and preflight does not have; empty, too, where it is not known. */
export function missingFor(
  kind: PreflightAction['kind'] | 'write-event',
  { settings, missingRights }: Pick<PreflightFacts, 'settings' | 'missingRights'>,
): Right[] {
  if (!missingRights.known) return [];
  const missing = missingRights.value;
  return rightsFor(kind, settings).filter((right) => missing.some((other) => isSame(right, other)));
}

/** A right as `kubectl auth can-i` takes it: `patch deployments.apps/marblerun-coordinator`. */
export function rightName({ verb, group, resource, name }: Right): string {
  const kind = group === '' ? resource : `${resource}.${group}`;
  return `${verb} ${kind}${name === undefined ? '' : `/${name}`}`;
}

function isSame(one: Right, other: Right): boolean {
  return rightName(one) === rightName(other);
}
