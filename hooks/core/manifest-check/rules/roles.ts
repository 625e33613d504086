import { isBefore } from '../../releases.ts';
import type { Problem } from '../findings.ts';
import type { Manifest, Role } from '../model.ts';
import type { Path } from '../path.ts';
import { oneOf, refused } from '../problem.ts';
import { roleActions } from '../words.ts';

/** What users may do (v1.9.1: coordinator/manifest/manifest.go, Check). Actions match without regard to case. */
export function checkRoles(manifest: Manifest, version: string): Problem[] {
  const types = Object.keys(roleActions).filter((type) => type !== 'Manifest' || !isBefore(version, '1.0.0'));
  return [...manifest.Roles].flatMap(([name, role]) => {
    const path = ['Roles', name];
    const known = roleActions[role.ResourceType];
    if (known === undefined || !types.includes(role.ResourceType)) {
      const message = `The role ${name} has the ResourceType ${JSON.stringify(role.ResourceType)}, which there is not.`;
      return [
        refused('role-type-unknown', [...path, 'ResourceType'], message, oneOf(role.ResourceType, types)),
      ];
    }
    return [...unknownActions(role, known, path), ...resources(manifest, role, path)];
  });
}

function unknownActions(role: Role, known: readonly string[], path: Path): Problem[] {
  const [, name = ''] = path;
  return role.Actions.flatMap((action, index) => {
    if (known.some((one) => one.toLowerCase() === action.toLowerCase())) return [];
    const message = `The role ${name} has the action ${action}, which there is not for ${role.ResourceType}.`;
    return [refused('role-action-unknown', [...path, 'Actions', index], message, oneOf(action, known))];
  });
}

function resources(manifest: Manifest, role: Role, path: Path): Problem[] {
  const [, name = ''] = path;
  if (role.ResourceType === 'Manifest') {
    if (role.ResourceNames.length === 0) return [];
    const message = `The role ${name} has ResourceNames, which ResourceType Manifest does not take.`;
    return [refused('role-resource', [...path, 'ResourceNames'], message, 'Leave ResourceNames out.')];
  }
  const there = role.ResourceType === 'Packages' ? manifest.Packages : manifest.Secrets;
  return role.ResourceNames.flatMap((resource, index) => {
    const here = [...path, 'ResourceNames', index];
    if (!there.has(resource)) {
      const message = `The role ${name} names ${resource}, which is not among ${role.ResourceType}.`;
      return [refused('role-resource', here, message, oneOf(resource, there.keys()))];
    }
    return role.ResourceType === 'Secrets' ? secretAccess(manifest, role, resource, here) : [];
  });
}

function secretAccess({ Secrets }: Manifest, role: Role, resource: string, here: Path): Problem[] {
  const [, name = ''] = here;
  const may = (action: string) => role.Actions.some((one) => one.toLowerCase() === action);
  const { UserDefined = false, Shared = false } = Secrets.get(resource) ?? {};
  if (UserDefined) return [];
  const problems: Problem[] = [];
  if (may('writesecret')) {
    const message = `The role ${name} may write the Secret ${resource}, but the Coordinator makes that one itself.`;
    problems.push(
      refused('role-resource', here, message, 'Set UserDefined: true, or leave WriteSecret out.'),
    );
  }
  if (may('readsecret') && !Shared) {
    const message = `The role ${name} may read the Secret ${resource}, but each Marble has its own of that.`;
    problems.push(refused('role-resource', here, message, 'Set Shared: true, or leave ReadSecret out.'));
  }
  return problems;
}
