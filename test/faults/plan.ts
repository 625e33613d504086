import { Random } from '../placement/random.ts';
import { befalls, faultNames, lasting, passing, type Call, type Fault, type FaultName } from './faults.ts';

/** What one seed makes of a run. */
export interface FaultPlan {
  readonly seed: number;
  readonly maxConcurrent: number;
  readonly deadlineSeconds: number;
  /** The state of the Coordinator. */
  readonly state: 1 | 3;
  /** So many faults befall the run, each request with this chance, until they are used up. */
  readonly budget: number;
  readonly chance: number;
  /** A fault that befalls every request to these servers from one on, for ever. */
  readonly lasting?: {
    readonly name: FaultName;
    readonly side: Call['side'] | 'both';
    readonly from: number;
  };
  /** The servers do not answer one request until the program gives up by itself. */
  readonly longHang?: number;
}

const lastingNames = faultNames.filter((name) => lasting(name) !== undefined);

/** Decides a run by its seed alone. */
export function planOf(seed: number): FaultPlan {
  const random = new Random(seed);
  const maxConcurrent = random.pick([1, 2, 5]);
  const common = {
    seed,
    maxConcurrent,
    state: random.chance(0.2) ? 1 : 3,
    chance: random.pick([0.1, 0.3, 0.6]),
  } as const;
  const kind = random.next();
  if (common.state === 3 && kind < 0.25) {
    const name = random.pick(lastingNames);
    const side =
      name === '409' || name === '429' ? 'api' : random.pick(['api', 'api', 'coordinator', 'both'] as const);
    return { ...common, deadlineSeconds: 6, budget: 0, lasting: { name, side, from: random.between(1, 16) } };
  }
  if (kind > 0.98) {
    return { ...common, deadlineSeconds: 50, budget: 0, longHang: random.between(1, 16) };
  }
  return { ...common, deadlineSeconds: 30, budget: random.between(1, 6) };
}

/** Decides about one request after the other. */
export class Chaos {
  readonly plan: FaultPlan;
  readonly #random: Random;
  #left: number;
  #calls = 0;
  /** What befell which request, for people. */
  readonly log: string[] = [];

  constructor(plan: FaultPlan) {
    this.plan = plan;
    this.#random = new Random(plan.seed + 0x5eed);
    this.#left = plan.budget;
  }

  /** Whether the fault that never ends has begun. */
  get hasBegun(): boolean {
    return this.plan.lasting !== undefined && this.#calls >= this.plan.lasting.from;
  }

  /** What befalls this request; undefined for nothing. */
  decide(call: Call): Fault | undefined {
    this.#calls++;
    const [name, fault] = this.#fateOf(call);
    if (fault !== undefined) this.log.push(`${String(this.#calls)} ${call.method} ${call.path}: ${name}`);
    return fault;
  }

  #fateOf(call: Call): [string, Fault | undefined] {
    const { lasting: endless, longHang, chance } = this.plan;
    if (endless !== undefined) {
      const meant = endless.side === 'both' || endless.side === call.side;
      const hit = this.hasBegun && meant && befalls(endless.name, call);
      return [endless.name, hit ? lasting(endless.name) : undefined];
    }
    if (longHang === this.#calls) return ['long hang', { kind: 'hang', milliseconds: -1, forwarded: true }];
    if (this.#left === 0 || !this.#random.chance(chance)) return ['', undefined];
    this.#left--;
    const name = this.#random.pick(faultNames.filter((each) => befalls(each, call)));
    return [name, passing(name, this.#random)];
  }
}
