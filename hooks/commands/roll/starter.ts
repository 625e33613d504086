import { isInFlight, type Member } from '../../core/roll/member.ts';
import { due, mayStart } from '../../core/roll/schedule.ts';
import { begunAnew, goneMember } from '../../core/roll/sight.ts';
import type { Finding } from '../../core/findings.ts';
import { ClusterError } from '../../io/cluster-error.ts';
import { restartMarble } from '../../io/marbles.ts';
import type { Session } from '../session.ts';
import type { Budgets } from './budgets.ts';
import { despite } from './despite.ts';
import type { Gate } from './gate.ts';
import type { Sights } from './sights.ts';

/** How many changes are asked for at the same time, however many workloads may be in flight. */
const startsAtOnce = 8;
const conflictMilliseconds = 1000;

export interface StarterParts {
  session: Session;
  gate: Gate;
  budgets: Budgets;
  sights: Sights;
  key: string;
  maxConcurrent: number;
  beat: () => void;
}

/** Starts the workloads whose turn it is, each behind the gate and with its budgets asked. */
export class Starter {
  readonly #parts: StarterParts;
  readonly #running = new Set<Promise<void>>();
  /** Why no more may start in this run. */
  stopped: Finding[] = [];

  constructor(parts: StarterParts) {
    this.#parts = parts;
  }

  /** Starts as many as may start now; the changes are under way when it resolves. */
  async startDue(members: readonly Member[]): Promise<void> {
    const { session, gate, budgets, maxConcurrent } = this.#parts;
    for (const member of due(members)) {
      if (!mayStart(members, maxConcurrent)) return;
      if (this.#running.size >= startsAtOnce || session.signal.aborted) return;
      const answer = await gate.ask();
      if (answer.is === 'stop') this.stopped = answer.findings;
      if (answer.is === 'closed') member.held = answer.reason;
      if (answer.is !== 'open') return;
      const failure = await despite(async () => {
        member.held = await budgets.hold(member, members);
      });
      if (failure !== undefined) member.held = failure;
      if (member.held === undefined) this.#start(member);
    }
  }

  /**
   * Marbles that crash while the Coordinator does not let them in are not to blame: their patience begins anew once it
   * does.
   */
  async excuse(members: readonly Member[]): Promise<void> {
    const { session, gate } = this.#parts;
    const crashing = members.filter(({ phase, trouble }) => phase === 'rolling' && trouble?.kind === 'crash');
    if (crashing.length === 0) return;
    const answer = await gate.ask();
    if (answer.is === 'stop') this.stopped = answer.findings;
    const closed = answer.is === 'closed';
    for (const member of crashing) {
      member.held = closed ? answer.reason : undefined;
      if (closed && member.trouble !== undefined) {
        member.trouble = begunAnew(member.trouble, session.clock.now());
      }
    }
  }

  #start(member: Member): void {
    const { session, beat } = this.#parts;
    member.phase = 'starting';
    member.startedAt = session.clock.now();
    const change = this.#change(member).finally(() => {
      this.#running.delete(change);
      beat();
    });
    this.#running.add(change);
  }

  async #change(member: Member): Promise<void> {
    const { session, sights, key } = this.#parts;
    try {
      const object = await restartMarble(session.cluster, member.target, key);
      sights.patched(member, object);
    } catch (error) {
      if (!isInFlight(member)) return;
      // The time was up before an answer came: whether it was restarted shows the next run, by the key.
      if (session.signal.aborted) return;
      if (isConflict(error)) await this.#postpone(member, error);
      else Object.assign(member, refused(error, session.clock.now()));
    }
  }

  /** Somebody else changed the workload at the same moment: its turn comes again, a little later. */
  async #postpone(member: Member, { message }: ClusterError): Promise<void> {
    const { clock, signal } = this.#parts.session;
    member.held = message;
    await clock.sleep(conflictMilliseconds, signal).catch(() => undefined);
    member.phase = 'waiting';
  }

  /** Waits for the changes that are still being asked for. */
  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }
}

function isConflict(error: unknown): error is ClusterError {
  return error instanceof ClusterError && error.kind === 'conflict';
}

function refused(error: unknown, now: number): Partial<Member> {
  if (error instanceof ClusterError && error.kind === 'not-found') return goneMember(now);
  if (!(error instanceof ClusterError)) throw error;
  return { phase: 'failed', endedAt: now, failure: error.message };
}
