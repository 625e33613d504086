import { shortened } from '../checks/shortened.ts';
import type { Finding } from '../findings.ts';
import type { Settings } from '../settings.ts';
import { isInFlight, type Member } from './member.ts';
import { howFar, nameOf } from './progress.ts';

/** How many workloads a finding names before it counts the rest. */
const named = 10;

/** What ended a roll before it was finished: `why` goes on "then …". */
export interface Ended {
  afterSeconds: number;
  why: string;
}

/** What a roll found out, once it is finished or its time is up. */
export function conclusion(
  members: readonly Member[],
  release: Settings['release'],
  ended: Ended | undefined,
): Finding[] {
  const failed = members.filter(({ phase }) => phase === 'failed');
  const waiting = members.filter(({ phase }) => phase === 'waiting');
  return [
    ...failed.map(restartFailed),
    ...(failed.length > 0 ? waiting.slice(0, named).map(notStarted) : []),
    ...(failed.length > 0 ? unnamed(waiting.slice(named)) : []),
    ...members.filter(({ phase }) => phase === 'gone').map(gone),
    ...(ended === undefined ? [] : unfinished(members, release, ended)),
  ];
}

function restartFailed(member: Member): Finding {
  const { kind, namespace, name } = member.target;
  return {
    code: 'marble-restart-failed',
    severity: 'block',
    subject: nameOf(member),
    message: `${(member.failure ?? '').replace(/\.$/, '')}. No further Marble was restarted after it.`,
    remedy: `Look at it with: kubectl -n ${namespace} describe ${kind.toLowerCase()} ${name}\nThen run the same helm command again; what is done is not done twice.`,
  };
}

function notStarted(member: Member): Finding {
  return {
    code: 'marble-not-restarted',
    severity: 'warn',
    subject: nameOf(member),
    message: `It needs a restart but was left alone: ${member.reason}, but an earlier restart failed.`,
    remedy: 'The same helm command goes on with it.',
  };
}

function unnamed(rest: readonly Member[]): Finding[] {
  if (rest.length === 0) return [];
  return [
    {
      code: 'marble-not-restarted',
      severity: 'warn',
      subject: 'Marbles',
      message: `${rest.length} more need a restart but were left alone, because an earlier restart failed.`,
      remedy: 'The same helm command goes on with them.',
    },
  ];
}

function gone(member: Member): Finding {
  return {
    code: 'marble-not-restarted',
    severity: 'info',
    subject: nameOf(member),
    message: `It was left to itself: ${member.failure ?? ''}.`,
    remedy: '',
  };
}

/** Named with what each waits for, and with the command that goes on. */
function unfinished(
  members: readonly Member[],
  { name, namespace, revision }: Settings['release'],
  { afterSeconds, why }: Ended,
): Finding[] {
  const rolling = members.filter(isInFlight).map((member) => `${nameOf(member)}: ${howFar(member)}`);
  const waiting = members
    .filter(({ phase }) => phase === 'waiting')
    .map((member) => (member.held === undefined ? nameOf(member) : `${nameOf(member)} (${member.held})`));
  if (rolling.length + waiting.length === 0) return [];
  const done = members.filter(({ phase }) => phase === 'done').length;
  const parts = [
    `${done} of ${members.length} Marbles were restarted within ${Math.round(afterSeconds)} s, then ${why}`,
    ...(rolling.length > 0 ? [`${rolling.length} were in progress: ${shortened(rolling)}`] : []),
    ...(waiting.length > 0 ? [`${waiting.length} had not started: ${shortened(waiting)}`] : []),
  ];
  return [
    {
      code: 'marbles-unfinished',
      severity: 'block',
      subject: 'Marbles',
      message: `${parts.join('. ')}.`,
      remedy: [
        'Run the same helm command again: it goes on where this one stopped, and restarts nothing twice. So does this one, which needs no flag of it, for it applies this very revision:',
        `helm rollback ${name} ${revision} -n ${namespace}`,
        'For a roll that takes longer than Helm waits, add: --set rollout.detach=true',
      ].join('\n'),
    },
  ];
}
