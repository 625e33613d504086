import { acknowledgementToken } from '../acknowledge.ts';
import { mayHoldState, type PreflightFacts } from '../facts.ts';
import type { Finding, FindingCode } from '../findings.ts';
import { chartClaim, mountedClaim } from '../storage.ts';
import { claimRefusals } from '../storage-change.ts';

/** Whether the claims that hold the sealed state are there, and whether Helm's change of them will be accepted. */
export function checkStorage(facts: PreflightFacts): Finding[] {
  const { settings, live, storage } = facts;
  if (!storage.known) {
    if (live === undefined) return [];
    return [
      {
        code: 'storage-unknown',
        severity: 'warn',
        subject: `deployment/${settings.coordinator.deployment}`,
        message: `The claim that holds the sealed state could not be looked at: ${storage.why}.`,
        remedy: 'Give the hooks the rights that the chart asks for. Helm may delete the claim or be refused.',
      },
    ];
  }
  const lost = lostClaim(facts);
  const missing = lost.length > 0 ? [] : missingClaim(facts);
  return [...lost, ...missing, ...refusals(facts)];
}

/** The claim with the state is gone, or goes as soon as no pod uses it (Kubernetes: pvc-protection). */
function lostClaim(facts: PreflightFacts): Finding[] {
  const { settings, live, storage } = facts;
  const name = live === undefined ? undefined : mountedClaim(live);
  if (name === undefined || !storage.known || !mayHoldState(facts)) return [];
  const claim = storage.value.live;
  const why = goneFor(claim);
  if (why === undefined) return [];
  const volume = claim?.spec.volumeName;
  const keep =
    volume === undefined
      ? 'Find the volume with the sealed state'
      : `Keep the volume: kubectl patch persistentvolume ${volume} -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'. Copy the state from the running pod`;
  return [
    blocking(facts, 'claim-lost', name, {
      message: `persistentvolumeclaim/${name} holds the sealed state, and ${why}. The new Coordinator would start without its state.`,
      remedy: `${keep} before the pod in ${settings.release.namespace} is replaced.`,
    }),
  ];
}

function goneFor(claim: { metadata: object; status?: { phase?: string } } | undefined): string | undefined {
  if (claim === undefined) return 'it does not exist any more';
  if ('deletionTimestamp' in claim.metadata) return 'it is being deleted, which ends when its pod goes';
  return claim.status?.phase === 'Lost' ? 'its volume is lost' : undefined;
}

/** The chart makes its own claim; one that the user names has to be there. */
function missingClaim(facts: PreflightFacts): Finding[] {
  const { settings, target, storage } = facts;
  const name = mountedClaim(target);
  if (name === undefined || !storage.known || storage.value.target !== undefined) return [];
  if (settings.claim.metadata !== undefined) return [];
  const text = {
    message: `coordinator.pvcName names persistentvolumeclaim/${name}, which does not exist: the Coordinator's pod would wait for it.`,
    remedy: `Make the claim in the namespace ${settings.release.namespace}, or correct coordinator.pvcName.`,
  };
  const finding = blocking(facts, 'claim-missing', name, text);
  if (facts.live !== undefined) return [finding];
  // On a first install nothing is at stake, and the claim may come with what installs the chart.
  const { code, subject } = finding;
  return [{ code, severity: 'warn', subject, ...text }];
}

function refusals({ settings, storage }: PreflightFacts): Finding[] {
  const before = storage.known ? storage.value.target : undefined;
  if (before === undefined || settings.claim.spec === undefined || !storage.known) return [];
  const after = { metadata: before.metadata, ...settings.claim, spec: settings.claim.spec };
  return claimRefusals(before, after, storage.value.storageClass).map(
    ({ key, was, becomes, why, remedy }) => ({
      code: 'storage-refused' as const,
      severity: 'block' as const,
      subject: `persistentvolumeclaim/${chartClaim}`,
      message: `${key} changes from ${was} to ${becomes}, which the API server refuses: ${why}.`,
      remedy,
      token: acknowledgementToken('storage-refused', [key, was, becomes]),
    }),
  );
}

function blocking(
  { coordinator }: PreflightFacts,
  code: FindingCode,
  claim: string,
  text: { message: string; remedy: string },
): Finding {
  const state = coordinator?.known === true ? coordinator.value : undefined;
  const stakes = [claim, state?.rootCertificate ?? '', state?.manifest?.fingerprint ?? ''];
  return {
    code,
    severity: 'block',
    subject: `persistentvolumeclaim/${claim}`,
    ...text,
    token: acknowledgementToken(code, stakes),
  };
}
