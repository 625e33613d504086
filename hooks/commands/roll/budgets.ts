import { budgetHold, covers, type PodDisruptionBudget } from '../../core/roll/budget.ts';
import { isInFlight, type Member } from '../../core/roll/member.ts';
import { nameOf } from '../../core/roll/progress.ts';
import { paths, scopesOf } from '../../io/paths.ts';
import type { Session } from '../session.ts';

/** What one look at the budgets of a workload said is good for so long. */
const againMilliseconds = 3000;

/** The PodDisruptionBudgets of the Marbles: listed once, and those that matter read again before each start. */
export class Budgets {
  readonly #session: Session;
  readonly #asked = new WeakMap<Member, number>();
  #budgets: PodDisruptionBudget[] = [];

  constructor(session: Session) {
    this.#session = session;
  }

  async open(namespaces: readonly string[]): Promise<void> {
    const lists = scopesOf(namespaces).map((scope) =>
      this.#session.cluster.list<PodDisruptionBudget>(paths.budgets(scope)),
    );
    this.#budgets = (await Promise.all(lists)).flat();
  }

  /** Why a workload has to wait; undefined when it may start. */
  async hold(member: Member, members: readonly Member[]): Promise<string | undefined> {
    const mine = this.#budgets.filter((budget) => covers(budget, member.target));
    if (mine.length === 0) return undefined;
    const other = members.find(
      (each) => isInFlight(each) && mine.some((budget) => covers(budget, each.target)),
    );
    if (other !== undefined) return `${nameOf(other)}, which has the same PodDisruptionBudget, is not done`;
    const now = this.#session.clock.now();
    const held =
      member.held !== undefined && now - (this.#asked.get(member) ?? -Infinity) < againMilliseconds;
    if (held) return member.held;
    this.#asked.set(member, now);
    const live = await Promise.all(
      mine.map(({ metadata }) => this.#read(metadata.namespace ?? '', metadata.name)),
    );
    return budgetHold(
      live.filter((budget) => budget !== undefined),
      member.target,
    );
  }

  async #read(namespace: string, name: string): Promise<PodDisruptionBudget | undefined> {
    return await this.#session.cluster.get<PodDisruptionBudget>(paths.budget(namespace, name));
  }
}
