import { acknowledgementToken } from '../acknowledge.ts';
import { environmentOf, sharesState } from '../environment.ts';
import { mayHoldState, type PreflightFacts } from '../facts.ts';
import type { Finding, FindingCode } from '../findings.ts';
import { valueOf } from '../known.ts';
import type { Deployment } from '../objects.ts';
import type { Settings } from '../settings.ts';
import { chartClaim, mountedClaim } from '../storage.ts';

/** Whether the new Coordinator looks for its state where the running one keeps it. */
export function checkStore(facts: PreflightFacts): Finding[] {
  const { settings, live, target } = facts;
  if (live === undefined || !mayHoldState(facts)) return [];
  const before = storeOf(live, settings.coordinator);
  const after = storeOf(target, settings.coordinator);
  return anotherStore(facts, before, after);
}

/** Where a Coordinator keeps its state. */
interface Store {
  /** Distributed (MarbleRun 1.9.0 and later): the Secret that holds the state. */
  secret?: string;
  /** The ConfigMap with the keys that open it. */
  keys?: string;
  claim?: string | undefined;
  /** The folder, without what does not tell it apart. */
  folder?: string | undefined;
}

function storeOf(deployment: Deployment, coordinator: Settings['coordinator']): Store {
  const env = environmentOf(deployment, coordinator);
  if (sharesState(deployment, coordinator)) {
    return {
      secret: env.EDG_K8S_STATE_NAME ?? 'marblerun-state',
      keys: env.EDG_K8S_KEK_MAP ?? 'marblerun-sealed-kek',
    };
  }
  return { claim: mountedClaim(deployment), folder: cleaned(env.EDG_COORDINATOR_SEAL_DIR) };
}

/** `/coordinator/data/` and `/coordinator//data/.` are one folder. */
function cleaned(path: string | undefined): string | undefined {
  const parts: string[] = [];
  for (const part of (path ?? '').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return path === undefined ? undefined : `/${parts.join('/')}`;
}

function anotherStore(facts: PreflightFacts, before: Store, after: Store): Finding[] {
  const start =
    'The new Coordinator would start without the state: without Manifest, with another root certificate.';
  const [was, becomes] = [describe(before), describe(after)];
  if (was !== becomes) {
    return [
      blocking(facts, 'another-store', [was, becomes], {
        message: `The running Coordinator keeps its state in ${was}, the new one would keep it in ${becomes}. ${start}`,
        remedy: `${backTo(before, after)} ${onPurpose(facts.settings, before, after)}`,
      }),
    ];
  }
  if (before.folder === undefined || before.folder === after.folder) return [];
  return [
    blocking(facts, 'another-store', [before.folder, after.folder ?? ''], {
      message: `coordinator.sealDir changes from ${before.folder} to ${after.folder ?? 'the default'}. ${start}`,
      remedy: `Set coordinator.sealDir to ${before.folder}.`,
    }),
  ];
}

function describe({ secret, keys, claim }: Store): string {
  if (secret !== undefined) return `secret/${secret}, which the keys in configmap/${keys ?? ''} open`;
  return claim === undefined ? 'its pod, without a claim' : `persistentvolumeclaim/${claim}`;
}

/** Nothing carries a state from a volume into a Secret or back. */
function onPurpose({ release, coordinator }: Settings, before: Store, after: Store): string {
  if ((before.secret === undefined) !== (after.secret === undefined)) {
    return 'No state moves between a volume and a Secret: to start anew on purpose, have the Manifest at hand and acknowledge this. What is left stays where it is.';
  }
  return `To move on purpose, copy the state first (kubectl -n ${release.namespace} scale deployment/${coordinator.deployment} --replicas=0), then acknowledge this.`;
}

function backTo({ secret, keys, claim }: Store, after: Store): string {
  if (secret !== undefined)
    return `Set coordinator.distributedDeployment to true, coordinator.stateSecretName to ${secret} and coordinator.kekConfigMap to ${keys ?? ''}.`;
  if (after.secret !== undefined) return 'Remove coordinator.distributedDeployment.';
  if (claim === undefined) return 'Give the running Coordinator a volume first.';
  return claim === chartClaim ? 'Remove coordinator.pvcName.' : `Set coordinator.pvcName to ${claim}.`;
}

function blocking(
  { settings, coordinator }: PreflightFacts,
  code: FindingCode,
  stakes: readonly string[],
  text: { message: string; remedy: string },
): Finding {
  const state = valueOf(coordinator);
  const mesh = [state?.rootCertificate ?? '', state?.manifest?.fingerprint ?? ''];
  return {
    code,
    severity: 'block',
    subject: `deployment/${settings.coordinator.deployment}`,
    ...text,
    token: acknowledgementToken(code, [...stakes, ...mesh]),
  };
}
