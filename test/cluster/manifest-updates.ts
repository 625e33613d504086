import { X509Certificate } from 'node:crypto';
import { certificates, makeUser, updateManifest, type User } from '../lab/mesh.ts';
import type { Release } from './release.ts';

/** A user who may raise SecurityVersions. */
export const updater: User = makeUser('updater');

/** Parts of a Manifest that let {@link updater} raise the SecurityVersion of the Marbles' Package. */
export const updatable = {
  Users: { updater: { Certificate: updater.certificate, Roles: ['raise'] } },
  Roles: {
    raise: { ResourceType: 'Packages', ResourceNames: ['marble'], Actions: ['UpdateSecurityVersion'] },
  },
};

/** Raises the SecurityVersion of the Marbles' Package: the Coordinator makes a new intermediate certificate. */
export async function raiseSecurityVersion(release: Release, version: number): Promise<void> {
  const before = await intermediateCertificate(release);
  const update = { Packages: { marble: { SecurityVersion: version } } };
  await updateManifest(release.lab, await addressOf(release), update, updater);
  if ((await intermediateCertificate(release)) === before) {
    throw new Error('the intermediate certificate is the same after a Manifest update');
  }
}

/** Fingerprint of the certificate that changes with each update of the Manifest. */
export async function intermediateCertificate(release: Release): Promise<string> {
  return new X509Certificate(await certificates(release.lab, await addressOf(release))).fingerprint256;
}

async function addressOf(release: Release): Promise<string> {
  return (await release.coordinatorPod()).status?.podIP ?? '';
}
