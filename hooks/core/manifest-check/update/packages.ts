import { isBefore } from '../../releases.ts';
import type { Decoded } from '../decode.ts';
import type { Problem } from '../findings.ts';
import type { Manifest, Package } from '../model.ts';
import { doubtful, oneOf, refused, told } from '../problem.ts';
import { packageUpdaters } from '../updaters.ts';

/** An update of nothing but Packages (v1.9.1: coordinator/manifest/manifest.go, CheckUpdate). */
export function checkPackageUpdate(
  { manifest, given }: Decoded,
  before: Manifest,
  version: string,
): Problem[] {
  const names = [...manifest.Packages.keys()];
  if (names.length === 0) {
    const message = 'The update has no Packages, so that there is nothing to update.';
    return [refused('update-empty', ['Packages'], message, 'Name Packages with their new SecurityVersion.')];
  }
  return [
    ...[...manifest.Packages].flatMap(([name, content]) => {
      const current = before.Packages.get(name);
      return current === undefined ? [undefinedPackage(name, before)] : change(name, content, current);
    }),
    ...senders(names, before),
    ...ignored(given, version),
  ];
}

function undefinedPackage(name: string, { Packages }: Manifest): Problem {
  const message = `The Manifest in force has no Package ${name}: an update of Packages adds none.`;
  return refused('update-package-undefined', ['Packages', name], message, oneOf(name, Packages.keys()));
}

function change(name: string, content: Package, current: Package): Problem[] {
  const path = ['Packages', name];
  return [
    ...forbidden(name, content),
    ...(content.AcceptedTCBStatuses.length > 0 ? [without(name, 'AcceptedTCBStatuses')] : []),
    ...(content.AcceptedAdvisories.length > 0 ? [without(name, 'AcceptedAdvisories')] : []),
    ...securityVersion(path, content, current),
    ...(current.UniqueID === '' ? [] : [byUniqueId(name)]),
  ];
}

function forbidden(name: string, content: Package): Problem[] {
  const values = {
    Debug: content.Debug,
    UniqueID: content.UniqueID !== '',
    SignerID: content.SignerID !== '',
    ProductID: content.ProductID !== undefined,
  };
  return Object.entries(values)
    .filter(([, set]) => set)
    .map(([key]) =>
      refused(
        'update-forbidden-value',
        ['Packages', name, key],
        `An update of Packages cannot change ${key}, not even to what it is.`,
        `Leave ${key} out, or send the whole Manifest as an update.`,
      ),
    );
}

function without(name: string, key: string): Problem {
  const message = `An update of Packages ignores ${key} without a word.`;
  return doubtful(
    'update-ignored',
    ['Packages', name, key],
    message,
    'Send the whole Manifest to change it.',
  );
}

/** Equal or higher (S12). */
function securityVersion(path: string[], { SecurityVersion }: Package, current: Package): Problem[] {
  const [, name = ''] = path;
  const here = [...path, 'SecurityVersion'];
  if (SecurityVersion === undefined) {
    const message = `The update of the Package ${name} has no SecurityVersion.`;
    return [refused('update-security-version-missing', path, message, 'Give the new SecurityVersion.')];
  }
  if (current.SecurityVersion === undefined) return [];
  if (SecurityVersion < current.SecurityVersion) {
    const message = `The Package ${name} has SecurityVersion ${current.SecurityVersion}, and an update cannot lower it to ${SecurityVersion}.`;
    return [refused('update-downgrade', here, message, `Give ${current.SecurityVersion} or more.`)];
  }
  if (SecurityVersion > current.SecurityVersion) return [];
  const message = `The Package ${name} has SecurityVersion ${SecurityVersion} already. The update is taken, and makes new certificates all the same.`;
  return [told('update-unchanged', here, message, '')];
}

/** The Coordinator takes it, and yet the build that UniqueID names stays the only one that is let in (S11). */
function byUniqueId(name: string): Problem {
  const message = `The Package ${name} is given by UniqueID: exactly that build is let in, whatever its SecurityVersion. The Coordinator takes the update, but no new build gets in.`;
  const remedy =
    'Send the whole Manifest with the new UniqueID, or with SignerID, ProductID and SecurityVersion instead.';
  return doubtful('update-by-unique-id', ['Packages', name], message, remedy);
}

function senders(names: readonly string[], before: Manifest): Problem[] {
  const may = packageUpdaters(before, names);
  if (may.length > 0) {
    const message = `${oneOfThem(may)} can send this update; it is in force at once, without acknowledgements.`;
    return [told('update-acknowledgements', [], message, '')];
  }
  const message = `No user of the Manifest in force may update ${names.join(' and ')} together.`;
  const remedy =
    'It takes a user with the action UpdateSecurityVersion for all of them. Send one update for each, or the whole Manifest.';
  return [refused('update-not-permitted', ['Packages'], message, remedy)];
}

function oneOfThem(users: readonly string[]): string {
  return users.length === 1 ? `The user ${users[0] ?? ''}` : `Each of the users ${users.join(', ')}`;
}

/** Config does not make an update a full one; before v1.9.0 nothing does. */
function ignored(given: Decoded['given'], version: string): Problem[] {
  return given
    .filter(({ path }) => path.length === 1 && path[0] !== 'Packages')
    .map(({ path }) => {
      const section = String(path[0]);
      const message = isBefore(version, '1.9.0')
        ? `Coordinator ${version} updates Packages only, and ignores ${section}.`
        : `${section} is ignored: with no other section but Packages, this is an update of Packages only.`;
      return doubtful(
        'update-ignored',
        path,
        message,
        'Send the whole Manifest to change it (v1.9.0 and later).',
      );
    });
}

/** The whole Manifest may lower a SecurityVersion, without a word from the Coordinator. */
export function checkLowered(before: Manifest, after: Manifest): Problem[] {
  return [...after.Packages].flatMap(([name, { SecurityVersion }]) => {
    const current = before.Packages.get(name)?.SecurityVersion;
    if (current === undefined || SecurityVersion === undefined || SecurityVersion >= current) return [];
    const message = `The Package ${name} has SecurityVersion ${current} in force, and this update lowers it to ${SecurityVersion}: older builds get in again.`;
    const remedy = `Give ${current} or more, unless this is what you want. Updates of Packages are not seen in the Manifest that the Coordinator gives out.`;
    return [doubtful('security-version-lowered', ['Packages', name, 'SecurityVersion'], message, remedy)];
  });
}
