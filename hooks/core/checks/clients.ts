import { acknowledgementToken } from '../acknowledge.ts';
import { readClients } from '../clients.ts';
import type { PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { coordinatorImage } from '../image.ts';
import { releaseOf } from '../releases.ts';
import type { Settings } from '../settings.ts';

/** Clients that verify the Coordinator and will refuse its new image (S8). Without an enclave there is nothing to pin. */
export function checkClients(facts: PreflightFacts): Finding[] {
  const { settings, live, target } = facts;
  const before = live === undefined ? undefined : coordinatorImage(live, settings.coordinator);
  const after = coordinatorImage(target, settings.coordinator);
  const change =
    settings.coordinator.simulation || before === undefined || after === undefined
      ? 'none'
      : imageChange(before, after);
  return readClients(settings.values.clients).flatMap((client): Finding[] => {
    if ('problem' in client) return [unreadable(client.name, client.problem)];
    const { uniqueId, securityVersion } = client.policy;
    const tooOld = settings.coordinator.simulation ? [] : demanding(client.name, securityVersion, settings);
    if (uniqueId === '' || change === 'none') return tooOld;
    return [...tooOld, pinned(client.name, uniqueId, { before: before ?? '', after: after ?? '', change })];
  });
}

/** A client takes the SecurityVersion that it demands or a higher one (MarbleRun docs, features/attestation). */
function demanding(name: string, securityVersion: number, { coordinator }: Settings): Finding[] {
  const { version } = coordinator;
  const has = releaseOf(version).securityVersion;
  if (securityVersion <= has) return [];
  return [
    {
      code: 'client-demands-more',
      severity: 'block',
      subject: `client ${name}`,
      message: `The client demands SecurityVersion ${securityVersion}, and ${version} has ${has}: the client will refuse the Coordinator.`,
      remedy: 'Run a later version, or have the client demand less, then acknowledge this.',
      token: acknowledgementToken('client-demands-more', [name, `${securityVersion}`, version]),
    },
  ];
}

/** Whether two references name different images: by their digests if both have one, else by their text. */
function imageChange(before: string, after: string): 'none' | 'certain' | 'possible' {
  const [oldName = '', oldDigest] = before.split('@');
  const [newName = '', newDigest] = after.split('@');
  if (oldDigest !== undefined && newDigest !== undefined) return oldDigest === newDigest ? 'none' : 'certain';
  if (oldName !== newName) return 'certain';
  return oldDigest === newDigest ? 'none' : 'possible';
}

function pinned(
  name: string,
  uniqueId: string,
  { before, after, change }: { before: string; after: string; change: 'certain' | 'possible' },
): Finding {
  const finding = {
    code: 'client-pins-unique-id' as const,
    subject: `client ${name}`,
    remedy: `Give the client the new image's UniqueID, or let it demand SignerID, ProductID and SecurityVersion instead of it. Where ${uniqueId.slice(0, 12)} is the new image's already, acknowledge this.`,
  };
  const pin = `The client pins UniqueID ${uniqueId.slice(0, 12)}`;
  if (change === 'possible') {
    const message = `${pin}, and the image changes from ${before} to ${after}. Unless both are the same, the client will refuse the Coordinator.`;
    return { ...finding, severity: 'warn', message };
  }
  return {
    ...finding,
    severity: 'block',
    message: `${pin}, but the image changes from ${before} to ${after}, and each image has another UniqueID: the client will refuse the Coordinator.`,
    token: acknowledgementToken('client-pins-unique-id', [name, uniqueId, after]),
  };
}

function unreadable(name: string, problem: string): Finding {
  return {
    code: 'client-policy-unreadable',
    severity: 'warn',
    subject: `client ${name}`,
    message: `Whether the client will accept the new Coordinator is not known: ${problem}.`,
    remedy:
      'Give it as --set-file clients[N].era=coordinator-era.json, or with the keys of that file: UniqueID, or SignerID, ProductID and SecurityVersion.',
  };
}
