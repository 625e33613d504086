import { acknowledgementToken } from '../acknowledge.ts';
import { environmentOf } from '../environment.ts';
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
  claim?: string | undefined;
  /** The folder, without what does not tell it apart. */
  folder?: string | undefined;
}

function storeOf(deployment: Deployment, coordinator: Settings['coordinator']): Store {
  const env = environmentOf(deployment, coordinator);
  const licensed = env.EDG_ENTERPRISE_LICENSED_FEATURES ?? '';
  if (env.EDG_DISTRIBUTED_COORDINATOR === '1' || licensed.includes('distributedcoordinator')) {
    return { secret: env.EDG_K8S_STATE_NAME ?? 'marblerun-state' };
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
  const { namespace } = facts.settings.release;
  const start =
    'The new Coordinator would start without the state: without Manifest, with another root certificate.';
  const [was, becomes] = [describe(before), describe(after)];
  if (before.secret !== after.secret || before.claim !== after.claim) {
    return [
      blocking(facts, 'another-store', [was, becomes], {
        message: `The running Coordinator keeps its state in ${was}, the new one would keep it in ${becomes}. ${start}`,
        remedy: `${backTo(before)} To move on purpose, copy the state first (kubectl -n ${namespace} scale deployment/${facts.settings.coordinator.deployment} --replicas=0), then acknowledge this.`,
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

function describe({ secret, claim }: Store): string {
  if (secret !== undefined) return `secret/${secret} (distributed)`;
  return claim === undefined ? 'its pod, without a claim' : `persistentvolumeclaim/${claim}`;
}

function backTo({ secret, claim }: Store): string {
  if (secret !== undefined) return 'Stay with a chart that supports a distributed deployment.';
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
