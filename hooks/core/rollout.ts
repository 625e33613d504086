import type { Finding } from './findings.ts';
import { valueOf, type Known } from './known.ts';
import type { RolloutRecord } from './record.ts';
import { recordName } from './record.ts';
import { recoverySteps, recoveryTarget } from './recovery/steps.ts';
import type { Settings } from './settings.ts';
import { CoordinatorState, stateName, type CoordinatorFacts } from './states.ts';

/** What the rollout knows once the new Coordinator answers. */
export interface RolloutFacts {
  settings: Settings;
  coordinator: CoordinatorFacts;
  pod: { name: string; node: string };
  /** The nodes of all its pods, where several share the state. */
  nodes?: readonly string[];
  record: Known<RolloutRecord | undefined>;
  /** What a wait for the recovery ended with, when its time was up. */
  waitedInVain?: string | undefined;
  /** Whether it is a mere look, after which nothing would be restarted anyway. */
  onlyLooks?: boolean;
}

/**
 * What the Coordinator's state means after the change. Marbles may be restarted only when none of these blocks and the
 * state is 3: in any other state a Marble that stops does not start again.
 */
export function rolloutFindings(facts: RolloutFacts): Finding[] {
  return [...ofRecord(facts), ...ofMove(facts), ...ofState(facts)];
}

function ofState(facts: RolloutFacts): Finding[] {
  const { settings, coordinator, pod, record } = facts;
  const { namespace } = settings.release;
  const subject = `pod/${pod.name}`;
  switch (coordinator.state) {
    case CoordinatorState.AcceptingMarbles:
      return replaced(facts, valueOf(record), subject);
    case CoordinatorState.AcceptingManifest:
      return [withoutManifest(facts, subject)];
    case CoordinatorState.Recovery:
      return needsRecovery(facts, subject);
    default:
      return [
        {
          code: 'rollout-incomplete',
          severity: 'block',
          subject,
          message: `The Coordinator is in state ${stateName(coordinator.state)}, in which no Marble can start.${nothingRestarted(facts)}`,
          remedy: `Look at its log: kubectl -n ${namespace} logs ${subject}`,
        },
      ];
  }
}

/** What a person asks first when a rollout stops. */
function nothingRestarted({ onlyLooks = false }: RolloutFacts): string {
  return onlyLooks ? '' : ' No Marble was restarted.';
}

function needsRecovery(facts: RolloutFacts, subject: string): Finding[] {
  const { settings, pod, record, waitedInVain, onlyLooks = false } = facts;
  const marbles = onlyLooks ? 'Marbles' : 'No Marble was restarted; those';
  const target = recoveryTarget(settings, pod.name, valueOf(record));
  const again = 'then run the same helm command again';
  const needed: Finding = {
    code: 'recovery-needed',
    severity: 'block',
    subject,
    message: `The Coordinator on ${pod.node} is in state 1 (Recovery): it cannot unseal its state there. ${marbles} that run go on, and none can start. Do not set a Manifest: that destroys the sealed state.`,
    remedy: recoverySteps(target, `, ${again}`),
  };
  if (waitedInVain === undefined) return [needed];
  return [
    needed,
    {
      code: 'rollout-incomplete',
      severity: 'block',
      subject,
      message: `The rollout waited for the recovery, in vain: ${waitedInVain}.`,
      remedy: `Recover it as said above, ${again}; what is done is not done twice. For a longer wait, set hooks.deadlineSeconds, hooks.activeDeadlineSeconds and Helm's --timeout.`,
    },
  ];
}

function withoutManifest(facts: RolloutFacts, subject: string): Finding {
  const { settings, record } = facts;
  const had = valueOf(record)?.manifestFingerprint;
  if (had !== undefined) {
    return {
      code: 'state-lost',
      severity: 'block',
      subject,
      message: `The Coordinator has no Manifest, but it had one before (${had.slice(0, 12)}): it started with an empty store.${nothingRestarted(facts)}`,
      remedy:
        'Find the volume with the sealed state (kubectl get pvc,pv) before you set any Manifest; a new Manifest starts a new mesh.',
    };
  }
  const { namespace } = settings.release;
  const { clientPort } = settings.coordinator;
  const setManifest = `kubectl -n ${namespace} port-forward svc/coordinator-client-api ${clientPort}:${clientPort}, then: marblerun manifest set manifest.json localhost:${clientPort} --recoverydata recovery.json`;
  const code = 'manifest-needed';
  if (record.known) {
    const message = 'The Coordinator waits for a Manifest (state 2).';
    return { code, severity: 'info', subject, message, remedy: setManifest };
  }
  return {
    code,
    severity: 'warn',
    subject,
    message:
      'The Coordinator has no Manifest (state 2), and whether it had one before is not known, since its record cannot be read.',
    remedy: `If it had one, its state is lost: find the volume with the sealed state (kubectl get pvc,pv) before you set any Manifest. If not: ${setManifest}`,
  };
}

function replaced(facts: RolloutFacts, record: RolloutRecord | undefined, subject: string): Finding[] {
  const { coordinator: now } = facts;
  const changes = [
    change('root certificate', record?.rootCertificate, now.rootCertificate),
    change('Manifest', record?.manifestFingerprint, now.manifest?.fingerprint),
  ].filter((text) => text !== undefined);
  if (record?.manifestFingerprint === undefined || changes.length === 0) return [];
  return [
    {
      code: 'state-replaced',
      severity: 'block',
      subject,
      message: `${changes.join('. ')}. This is not the state that was in force before.${nothingRestarted(facts)}`,
      remedy:
        'If the Manifest was changed on purpose, run the same helm command again: preflight takes it up, and shows the token where one is needed.',
    },
  ];
}

function change(name: string, before: string | undefined, now: string | undefined): string | undefined {
  if (before === undefined || now === undefined || before === now) return undefined;
  return `The ${name} was ${before.slice(0, 12)} and is ${now.slice(0, 12)}`;
}

function ofMove({ pod, nodes = [pod.node], record }: RolloutFacts): Finding[] {
  const { node: before = '', nodes: old = [before] } = valueOf(record)?.coordinator ?? {};
  if (before === '' || old.some((each) => nodes.includes(each))) return [];
  const message = `The Coordinator moved from ${before} to ${pod.node}.`;
  return [{ code: 'coordinator-moved', severity: 'info', subject: `pod/${pod.name}`, message, remedy: '' }];
}

function ofRecord({ record }: RolloutFacts): Finding[] {
  if (record.known) return [];
  return [
    {
      code: 'record-unreadable',
      severity: 'warn',
      subject: `configmap/${recordName}`,
      message: `Whether this is the same state as before could not be compared: ${record.why}.`,
      remedy: 'Compare the root certificate by hand. A successful rollout writes the record anew.',
    },
  ];
}
