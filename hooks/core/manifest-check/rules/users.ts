import { X509Certificate } from 'node:crypto';
import type { Problem } from '../findings.ts';
import type { Manifest } from '../model.ts';
import { firstBlock } from '../pem.ts';
import { oneOf, refused } from '../problem.ts';

/** Who may do something (v1.9.1: coordinator/manifest/manifest.go, Check and GenerateUsers). */
export function checkUsers({ Users, Roles }: Manifest): Problem[] {
  const first = new Map<string, string>();
  return [...Users].flatMap(([name, user]) => {
    const other = first.get(user.Certificate);
    if (other === undefined) first.set(user.Certificate, name);
    return [
      ...certificate(name, user.Certificate, other),
      ...user.Roles.flatMap((role, index) => {
        if (Roles.has(role)) return [];
        const message = `The user ${name} has the role ${role}, which is not among Roles.`;
        return [
          refused('role-undefined', ['Users', name, 'Roles', index], message, oneOf(role, Roles.keys())),
        ];
      }),
    ];
  });
}

function certificate(name: string, text: string, other: string | undefined): Problem[] {
  const say = (message: string, remedy: string) => [
    refused('user-certificate', ['Users', name, 'Certificate'], message, remedy),
  ];
  const give = "Give the user's certificate in PEM, with its line ends.";
  if (text === '') return say(`The user ${name} has no Certificate.`, give);
  if (other !== undefined) {
    return say(`The users ${other} and ${name} have the same Certificate.`, 'Give each one of its own.');
  }
  const block = firstBlock(text);
  if (block === undefined) return say(`The Certificate of the user ${name} is no PEM.`, give);
  // The Coordinator does not look at the type of the block.
  if (isCertificate(block.der)) return [];
  return say(`The Certificate of the user ${name} is PEM, but no X.509 certificate (${block.type}).`, give);
}

function isCertificate(der: Uint8Array): boolean {
  try {
    return new X509Certificate(der).raw.length === der.length;
  } catch {
    return false;
  }
}
