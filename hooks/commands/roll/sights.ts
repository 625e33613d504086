import { workloadKey, type WorkloadKind } from '../../core/marbles/workload.ts';
import type { WorkloadObject } from '../../core/objects/workloads.ts';
import { isInFlight, type Member } from '../../core/roll/member.ts';
import { goneMember, heard, type Patched } from '../../core/roll/sight.ts';
import { workloadStatus } from '../../core/status/status.ts';
import { follow, versionOf } from '../../io/follow.ts';
import { paths, scopesOf } from '../../io/paths.ts';
import { waitOf, type Session } from '../session.ts';
import { despite } from './despite.ts';

/** Workloads are asked for once their watch has said nothing for this long: a watch can die without a word. */
const silenceMilliseconds = { watched: 15_000, unwatched: 2000 };
/** How many are asked for at the same time. */
const readsAtOnce = 5;

/**
 * Sees how the workloads of a roll are: one watch for each kind and place, however many they are, and a read of each once
 * that watch is silent.
 */
export class Sights {
  readonly #session: Session;
  readonly #members: ReadonlyMap<string, Member>;
  readonly #patched = new Map<string, Patched>();
  readonly #unwatched = new Set<WorkloadKind>();
  /** When each watch last said something, by its path. */
  readonly #watches = new Map<string, number>();
  /** Those of which a watch may have missed a change. */
  readonly #missed = new Set<Member>();
  readonly #end = new AbortController();
  readonly #beat: () => void;
  #follows: Promise<void>[] = [];

  constructor(session: Session, members: readonly Member[], beat: () => void) {
    this.#session = session;
    this.#members = new Map(members.map((member) => [workloadKey(member.target), member]));
    this.#beat = beat;
  }

  /** Begins to watch; what is changed afterwards is not missed. */
  async open(namespaces: readonly string[]): Promise<void> {
    const kinds = new Set([...this.#members.values()].map(({ target }) => target.kind));
    const places = [...kinds].flatMap((kind) =>
      scopesOf(namespaces).map((scope) => ({ kind, path: paths.workloads(kind, scope) })),
    );
    await Promise.all(
      places.map(async ({ kind, path }) => {
        const failure = await despite(async () => {
          const from = await versionOf(this.#session.cluster, path);
          this.#follows.push(this.#follow(kind, path, from));
        });
        if (failure === undefined) return;
        this.#unwatched.add(kind);
        this.#session.output.progress(`${failure}; asking for each ${kind} instead`);
      }),
    );
  }

  /** Takes over those that an earlier run has restarted: they are in flight as they are found. */
  async adopt(): Promise<void> {
    const followed = [...this.#members.values()].filter((member) => member.followed);
    for (const member of followed) {
      member.phase = 'rolling';
      member.startedAt = this.#session.clock.now();
      await this.#read(member);
    }
  }

  async #follow(kind: WorkloadKind, path: string, from: string): Promise<void> {
    const { cluster, clock, signal } = this.#session;
    const wait = { ...waitOf(this.#session), signal: AbortSignal.any([signal, this.#end.signal]) };
    const onChange = ({ type, object }: { type: string; object: WorkloadObject }): void => {
      this.#watches.set(path, clock.now());
      this.#tell(kind, object, type === 'DELETED');
    };
    const onGap = (): void => {
      for (const member of this.#members.values()) if (member.target.kind === kind) this.#missed.add(member);
      this.#beat();
    };
    const ended = await follow<WorkloadObject>(cluster, { path, from, onChange, onGap }, wait);
    if (ended === 'forbidden') this.#unwatched.add(kind);
  }

  #tell(kind: WorkloadKind, object: WorkloadObject, deleted: boolean): void {
    const { namespace = '', name } = object.metadata;
    const member = this.#members.get(workloadKey({ kind, namespace, name }));
    if (member?.phase !== 'rolling') return;
    if (deleted) Object.assign(member, goneMember(this.#session.clock.now()));
    else this.#see(member, object);
    this.#beat();
  }

  /** A workload as the API server answered to the change that starts it again. */
  patched(member: Member, object: WorkloadObject): void {
    const { uid, generation = 0 } = object.metadata;
    this.#patched.set(workloadKey(member.target), { uid, generation });
    member.phase = 'rolling';
    this.#see(member, object);
  }

  #see(member: Member, object: WorkloadObject): void {
    const { uid, generation = 0 } = object.metadata;
    // One that is only followed is seen through from the generation that it is found in.
    const patched = this.#patched.get(workloadKey(member.target)) ?? { uid, generation };
    const status = statusOf(member.target.kind, object);
    Object.assign(member, heard(patched, { uid, generation, status }, this.#session.clock.now()));
  }

  /** Asks for those that nothing was heard of for too long, although it may have happened. */
  async readSilent(): Promise<void> {
    const now = this.#session.clock.now();
    const silent = [...this.#members.values()].filter(
      (member) =>
        member.phase === 'rolling' &&
        (this.#missed.has(member) || now - this.#heardAt(member, now) >= this.#patience(member)),
    );
    await Promise.all(silent.slice(0, readsAtOnce).map((member) => this.#read(member)));
  }

  async #read(member: Member): Promise<void> {
    const { cluster, clock, output } = this.#session;
    let object: WorkloadObject | undefined;
    const failure = await despite(async () => {
      object = await cluster.get<WorkloadObject>(paths.workload(member.target));
    });
    const now = clock.now();
    this.#missed.delete(member);
    if (!isInFlight(member)) return;
    member.heardAt = now;
    if (failure !== undefined) output.progress(failure);
    else if (object === undefined) Object.assign(member, goneMember(now));
    else this.#see(member, object);
  }

  /** A watch that tells of others is well, and would tell of this one too. */
  #heardAt({ target: { kind, namespace }, heardAt }: Member, now: number): number {
    const watch = [undefined, namespace].map((scope) => this.#watches.get(paths.workloads(kind, scope)) ?? 0);
    return Math.max(heardAt ?? now, ...watch);
  }

  #patience({ target }: Member): number {
    return this.#unwatched.has(target.kind) ? silenceMilliseconds.unwatched : silenceMilliseconds.watched;
  }

  /** Ends the watches. */
  async close(): Promise<void> {
    this.#end.abort(new Error('the roll is over'));
    await Promise.all(this.#follows);
  }
}

/** The object of a kind comes from that kind's own path. */
function statusOf(kind: WorkloadKind, object: WorkloadObject): ReturnType<typeof workloadStatus> {
  return workloadStatus(kind, object as never);
}
