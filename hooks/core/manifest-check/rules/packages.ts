import type { Problem } from '../findings.ts';
import type { Manifest, Package } from '../model.ts';
import { doubtful, refused } from '../problem.ts';
import { tcbStatuses } from '../words.ts';

/**
 * What each Package must say about the enclave that it lets in. The Coordinator looks only at those that a Marble uses
 * (v1.9.1: coordinator/manifest/manifest.go, Check).
 */
export function checkPackages({ Packages, Marbles }: Manifest): Problem[] {
  const used = new Set([...Marbles.values()].map((marble) => marble.Package));
  return [...Packages].flatMap(([name, content]) => [
    ...(used.has(name) ? identity(name, content) : [unused(name)]),
    ...identifiers(name, content),
    ...statuses(name, content),
    ...debug(name, content),
  ]);
}

function unused(name: string): Problem {
  return doubtful(
    'package-unused',
    ['Packages', name],
    `No Marble uses the Package ${name}, so the Coordinator does not check it.`,
    'Remove it, or name it in a Marble.',
  );
}

function identity(name: string, content: Package): Problem[] {
  const { UniqueID, Debug } = content;
  const path = ['Packages', name];
  // A debug enclave may be described as loosely as one likes; the Coordinator only logs a warning.
  const say = Debug ? doubtful : refused;
  const missing = missingOf(content);
  if (UniqueID !== '') {
    if (missing.length === 3) return [];
    const message = `The Package ${name} has a UniqueID and also SignerID, ProductID or SecurityVersion.`;
    const remedy =
      'Keep UniqueID for exactly this build, or the other three for every build of the signer from a SecurityVersion on.';
    return [say('package-ambiguous', [...path, 'UniqueID'], message, remedy)];
  }
  if (missing.length === 0) return [];
  const message = `The Package ${name} has no UniqueID, and no ${missing.join(' and no ')} either.`;
  return [say('package-incomplete', path, message, `Give ${missing.join(', ')}, or a UniqueID alone.`)];
}

function missingOf({ SignerID, ProductID, SecurityVersion }: Package): string[] {
  return [
    ...(SignerID === '' ? ['SignerID'] : []),
    ...(ProductID === undefined ? ['ProductID'] : []),
    ...(SecurityVersion === undefined ? ['SecurityVersion'] : []),
  ];
}

function identifiers(name: string, content: Package): Problem[] {
  return (['UniqueID', 'SignerID'] as const)
    .filter((key) => content[key] !== '' && !/^[0-9a-f]{64}$/i.test(content[key]))
    .map((key) =>
      doubtful(
        'identifier-malformed',
        ['Packages', name, key],
        `${key} of the Package ${name} is not 64 hex digits: no enclave has such a one, and no Marble of it could start.`,
        'Take it from `marblerun package-info` or `ego signerid`.',
      ),
    );
}

const words: readonly string[] = tcbStatuses;

function statuses(name: string, { AcceptedTCBStatuses }: Package): Problem[] {
  return AcceptedTCBStatuses.flatMap((status, index) =>
    words.includes(status)
      ? []
      : [
          doubtful(
            'tcb-status-unknown',
            ['Packages', name, 'AcceptedTCBStatuses', index],
            `No platform reports the TCB status ${JSON.stringify(status)}.`,
            `Take one of ${words.join(', ')}.`,
          ),
        ],
  );
}

function debug(name: string, { Debug }: Package): Problem[] {
  if (!Debug) return [];
  const message = `The Package ${name} takes debug enclaves, whose memory the host can read.`;
  return [doubtful('package-debug', ['Packages', name, 'Debug'], message, 'Leave Debug out in production.')];
}
