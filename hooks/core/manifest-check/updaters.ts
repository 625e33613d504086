import type { Manifest, Role } from './model.ts';

/** Users who may update the whole Manifest and so acknowledge an update (from v1.9.0 on). */
export function manifestUpdaters({ Users, Roles }: Manifest): string[] {
  return [...Users]
    .filter(([, user]) => user.Roles.some((name) => allows(Roles.get(name), 'Manifest', 'updatemanifest')))
    .map(([name]) => name);
}

/** Users who may raise the SecurityVersion of all these Packages at once. */
export function packageUpdaters({ Users, Roles }: Manifest, packages: readonly string[]): string[] {
  return [...Users]
    .filter(([, user]) => {
      const roles = user.Roles.map((name) => Roles.get(name)).filter((role) =>
        allows(role, 'Packages', 'updatesecurityversion'),
      );
      const allowed = new Set(roles.flatMap((role) => role?.ResourceNames ?? []));
      return roles.length > 0 && packages.every((name) => allowed.has(name));
    })
    .map(([name]) => name);
}

function allows(role: Role | undefined, type: string, action: string): boolean {
  return role?.ResourceType === type && role.Actions.some((one) => one.toLowerCase() === action);
}
