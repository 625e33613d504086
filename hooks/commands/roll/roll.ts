import type { Finding } from '../../core/findings.ts';
import { conclusion } from '../../core/roll/conclusion.ts';
import { isOver, type Member } from '../../core/roll/member.ts';
import { howFar, nameOf, progressLine } from '../../core/roll/progress.ts';
import { isCrowded, isFinished } from '../../core/roll/schedule.ts';
import { judged } from '../../core/roll/sight.ts';
import type { StartConditions } from '../../core/marbles/conditions.ts';
import { endedBy } from '../../io/wait.ts';
import type { Session } from '../session.ts';
import { Budgets } from './budgets.ts';
import { despite } from './despite.ts';
import { Gate } from './gate.ts';
import { explained, lookAtPods } from './pods.ts';
import { Pulse } from './pulse.ts';
import { Sights } from './sights.ts';
import { Starter } from './starter.ts';

export interface RollOptions {
  /** In the order of the roll. What becomes of them is written into them. */
  members: readonly Member[];
  conditions: StartConditions;
  /** What is set on the pod templates. */
  key: string;
}

const tickMilliseconds = 1000;
const progressMilliseconds = 10_000;
/** With more workloads than these, starts and ends are counted and not told one by one. */
const toldOneByOne = 50;
/** With many in flight something happens all the time: it is gathered for so long, and then looked at as a whole. */
const gatherMilliseconds = 100;

/**
 * Restarts workloads and sees each through: wave by wave, at most `maxConcurrent` at a time, only while the Coordinator
 * accepts Marbles. After the first that fails it starts no more. Ends when all are done, or when the session's time is up;
 * answers what there is to say about it.
 */
export async function roll(session: Session, { members, conditions, key }: RollOptions): Promise<Finding[]> {
  const { settings } = session.files;
  const { namespaces, maxConcurrent } = settings.rollout;
  const pulse = new Pulse(session.clock);
  const sights = new Sights(session, members, pulse.beat);
  const budgets = new Budgets(session);
  const gate = new Gate(session, conditions);
  const starter = new Starter({ session, gate, budgets, sights, key, maxConcurrent, beat: pulse.beat });
  const teller = new Teller(session, members);
  const began = session.clock.now();
  let askedAt = began;
  try {
    const unknownBudgets = await despite(() => budgets.open(namespaces));
    await sights.open(namespaces);
    await sights.adopt();
    while (!isFinished(members) && !session.signal.aborted && starter.stopped.length === 0) {
      await starter.startDue(members);
      // Not each time that something has happened: with a thousand workloads that is all the time.
      if (session.clock.now() - askedAt >= tickMilliseconds) {
        askedAt = session.clock.now();
        await sights.readSilent();
        await lookAtPods(session, members, key);
        await starter.excuse(members);
      }
      await judge(session, members, key);
      teller.tell();
      if (!isFinished(members)) await pulse.next(tickMilliseconds, session.signal);
      if (isCrowded(members))
        await session.clock.sleep(gatherMilliseconds, session.signal).catch(() => undefined);
    }
    const late = !isFinished(members) && starter.stopped.length === 0;
    await starter.settle();
    const afterSeconds = (session.clock.now() - began) / 1000;
    const ended = late ? { afterSeconds, why: endedBy(session.signal) } : undefined;
    const found = conclusion(members, settings.release, ended);
    const budget = unknownBudgets === undefined ? [] : [budgetsUnknown(unknownBudgets)];
    return [...budget, ...starter.stopped, ...found];
  } finally {
    await sights.close();
  }
}

/** Ends the wait for those for whom it is no use any more, and has their pods tell why. */
async function judge(session: Session, members: readonly Member[], key: string): Promise<void> {
  for (const member of members) {
    Object.assign(member, judged(member, session.clock.now()));
    if (member.phase !== 'failed' || member.explained === true) continue;
    member.explained = true;
    // Without a status the change itself was refused, and its pods are the old ones.
    if (member.status !== undefined) member.failure = await explained(session, member, key);
  }
}

function budgetsUnknown(why: string): Finding {
  return {
    code: 'budgets-unknown',
    severity: 'warn',
    subject: 'Marbles',
    message: `PodDisruptionBudgets were not waited for: ${why}.`,
    remedy:
      'Give the rollout’s ServiceAccount the right to get and list poddisruptionbudgets; the chart renders it.',
  };
}

/** Says how the roll goes on: each start and end where they are few, a line of counts now and then. */
class Teller {
  readonly #session: Session;
  readonly #members: readonly Member[];
  readonly #told = new Set<string>();
  #saidAt: number;

  constructor(session: Session, members: readonly Member[]) {
    this.#session = session;
    this.#members = members;
    this.#saidAt = session.clock.now();
  }

  tell(): void {
    const { clock, output } = this.#session;
    if (this.#members.length <= toldOneByOne) for (const member of this.#members) this.#tellOf(member);
    if (clock.now() - this.#saidAt < progressMilliseconds) return;
    this.#saidAt = clock.now();
    output.progress(progressLine(this.#members));
  }

  #tellOf(member: Member): void {
    const line = lineOf(member);
    if (line === undefined || this.#told.has(line)) return;
    this.#told.add(line);
    this.#session.output.progress(line);
  }
}

function lineOf(member: Member): string | undefined {
  const name = nameOf(member);
  if (!isOver(member) && member.held !== undefined) return `${name} is held: ${member.held}`;
  switch (member.phase) {
    case 'waiting':
      return undefined;
    case 'starting':
    case 'rolling':
      return member.followed
        ? `Seeing ${name} through: ${member.reason}`
        : `Restarting ${name}: ${member.reason}`;
    case 'done':
      return `${name}: ${howFar(member)}`;
    default:
      return `${name}: ${member.failure ?? ''}`;
  }
}
