import type { Finding } from '../findings.ts';
import { known, unknown, valueOf } from '../known.ts';
import type { RecoveryKeys } from '../record.ts';
import { CoordinatorState, stateName } from '../states.ts';
import type { StatusFacts } from '../status-view/facts.ts';
import { differencesInMesh } from '../status-view/record.ts';
import { speakerOf } from '../watch/scene.ts';
import { missingParties } from './missing.ts';
import { othersThan } from './parties.ts';

/** What a run of `recover` has done by its end. */
export interface RecoveryRun {
  release: string;
  namespace: string;
  version: string;
  /** The pod that was given the secrets. */
  pod: string;
  keys: RecoveryKeys | undefined;
  /** Whose secrets were taken; undefined where nothing tells the party. */
  taken: readonly (string | undefined)[];
  /** By the last answer; undefined where nothing was taken. */
  remaining: number | undefined;
  refused: readonly RefusedSecret[];
  /** Why the uploads ended before all were tried. */
  broken?: string | undefined;
  /** The title of the one that was sent without an answer. */
  unanswered?: string | undefined;
}

/** A secret that the Coordinator would not have, and its words. */
export interface RefusedSecret {
  title: string;
  why: string;
}

/** What there is to say of a recovery, by what the Coordinator is in afterwards. */
export function recoveryFindings(run: RecoveryRun, after: StatusFacts): Finding[] {
  return [...brokenOff(run), ...run.refused.map((each) => refusedSecret(each, run)), ...ofState(run, after)];
}

function brokenOff({ pod, broken, unanswered }: RecoveryRun): Finding[] {
  if (broken === undefined) return [];
  const open =
    unanswered === undefined
      ? 'No secret was on its way.'
      : `Whether the secret of ${unanswered} counts is not known.`;
  return [
    {
      code: 'coordinator-unreachable',
      severity: 'warn',
      subject: `pod/${pod}`,
      message: `The upload was broken off: ${broken}. ${open}`,
      remedy: 'Run the same command again: a secret that is uploaded twice costs nothing.',
    },
  ];
}

function refusedSecret({ title, why }: RefusedSecret, { pod }: RecoveryRun): Finding {
  return {
    code: 'recovery-secret-refused',
    severity: 'warn',
    subject: `pod/${pod}`,
    message: `The Coordinator did not take the secret of ${title}: ${why}.`,
    remedy:
      'Nothing was lost by it. One that was uploaded before counts already; else it is not of the Manifest in force.',
  };
}

function ofState(run: RecoveryRun, after: StatusFacts): Finding[] {
  const speaker = speakerOf(after);
  const subject = `pod/${run.pod}`;
  const status = `marblerun-hooks status ${run.release} -n ${run.namespace}`;
  switch (speaker?.coordinator.state) {
    case CoordinatorState.AcceptingMarbles:
      return replaced(after, subject);
    case CoordinatorState.Recovery:
      return [stillNeeded(run, subject)];
    case CoordinatorState.AcceptingManifest:
      return [
        {
          code: 'state-lost',
          severity: 'block',
          subject,
          message: `The Coordinator is in state ${stateName(CoordinatorState.AcceptingManifest)}: it started with an empty store.`,
          remedy: `Find the volume with the sealed state before you set any Manifest: kubectl -n ${run.namespace} get pvc,pv`,
        },
      ];
    default: {
      const silent = after.answers.find((answer) => !answer.known);
      const why = silent?.why ?? 'it has no pod that answers';
      return [
        {
          code: 'coordinator-unreachable',
          severity: 'block',
          subject,
          message: `What the Coordinator is in after the upload is not known: ${why}.`,
          remedy: `See what it is in, then run the same command again if it still needs recovery: ${status}`,
        },
      ];
    }
  }
}

function stillNeeded(run: RecoveryRun, subject: string): Finding {
  const { version, keys, remaining, taken, release, namespace } = run;
  const count =
    remaining === undefined ? unknown('the Coordinator took no secret in this run') : known(remaining);
  const others = othersThan(taken, keys);
  const who =
    others === undefined || others.length === 0 ? '' : ` Not uploaded in this run: ${others.join(', ')}.`;
  return {
    code: 'recovery-needed',
    severity: 'block',
    subject,
    message: `The Coordinator is in state ${stateName(CoordinatorState.Recovery)} still: ${missingParties(version, keys, count)}.${who} Marbles that run go on, and none can start. Do not set a Manifest: that destroys the sealed state.`,
    remedy: `Whoever is missing runs this, while the pod stays the same, for it keeps what was uploaded in its memory:\nmarblerun-hooks recover ${release} -n ${namespace} --secret recovery.json --key private.pem`,
  };
}

function replaced(after: StatusFacts, subject: string): Finding[] {
  const record = valueOf(after.record);
  if (record === undefined) {
    const why = after.record.known ? 'no rollout has written a record yet' : after.record.why;
    return [
      {
        code: 'record-unreadable',
        severity: 'warn',
        subject,
        message: `Whether this is the same state as before could not be compared: ${why}.`,
        remedy: 'Compare the root certificate and the Manifest by hand.',
      },
    ];
  }
  const differences = differencesInMesh(after, record);
  if (differences.length === 0) return [];
  return [
    {
      code: 'state-replaced',
      severity: 'block',
      subject,
      message: `The Coordinator is recovered, but ${differences.join(' and ')}. This is not the state that was in force before.`,
      remedy:
        'If the Manifest was changed on purpose since the last upgrade, run the same helm command again.',
    },
  ];
}
