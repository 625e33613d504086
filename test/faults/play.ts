import { judgeDone, judgeStopped, type Undisturbed } from '../roll/judge.ts';
import type { Mesh } from '../roll/mesh.ts';
import { runRollout, writeOrder, type ProgramRun } from '../roll/program.ts';
import { nextRevision, type Snapshot } from '../roll/snapshot.ts';
import type { Stage } from '../roll/stage.ts';
import type { FaultProxy } from './proxy.ts';
import { Chaos, planOf, type FaultPlan } from './plan.ts';

/** What became of one seed. */
export interface Suffered {
  readonly seed: number;
  readonly plan: FaultPlan;
  /** Null when the run had to be killed. */
  readonly exitCode: number | null;
  readonly milliseconds: number;
  /** What befell which request. */
  readonly faults: readonly string[];
  readonly problems: readonly string[];
}

/** A mesh with its proxies, and what an undisturbed roll of it leaves. */
export interface Place {
  readonly mesh: Mesh;
  readonly api: { readonly proxy: FaultProxy; readonly target: string };
  readonly coordinator: {
    readonly proxy: FaultProxy;
    readonly accepting: string;
    readonly recovering: string;
  };
  readonly record: Undisturbed['record'];
}

/** How long past its deadline a run may take: its last word, and what a process needs to start and end. */
const graceMilliseconds = 8000;

/** Rolls with the faults of a seed, looks at what came of it, rolls again without any, and looks again. */
export async function play(stage: Stage, place: Place, seed: number): Promise<Suffered> {
  const { mesh, record } = place;
  const plan = planOf(seed);
  const { deadlineSeconds, maxConcurrent } = plan;
  const clientPort = place.coordinator.proxy.port;
  const before = await stage.snapshot(mesh);
  const revision = nextRevision(before);
  const order = { revision, nonce: String(revision), maxConcurrent, deadlineSeconds, clientPort };
  const chaos = new Chaos(plan);
  await lead(place, chaos);
  await writeOrder(mesh, order);
  const limitMilliseconds = deadlineSeconds * 1000 + graceMilliseconds;
  const run = await runRollout(mesh, { limitMilliseconds });
  await lead(place);
  const undisturbed = { record, revision };
  const found = ofFaultyRun(mesh, { plan, run, before, now: await stage.snapshot(mesh), undisturbed });
  await writeOrder(mesh, { ...order, deadlineSeconds: 60 });
  const clean = await runRollout(mesh, { limitMilliseconds: 70_000 });
  const ended = await stage.snapshot(mesh);
  return {
    seed,
    plan,
    exitCode: run.exitCode,
    milliseconds: run.milliseconds,
    faults: chaos.log,
    problems: [
      ...found,
      ...judgeDone(mesh, before, ended, undisturbed).map((problem) => `after a clean run, ${problem}`),
      ...(clean.exitCode === 0 ? [] : [`the clean run ended with ${String(clean.exitCode)}: ${clean.said}`]),
    ],
  };
}

/** Leads both proxies to the servers of a run, with its faults or with none. */
async function lead({ api, coordinator }: Place, chaos?: Chaos): Promise<void> {
  const decide = (call: Parameters<Chaos['decide']>[0]): ReturnType<Chaos['decide']> => chaos?.decide(call);
  const state = chaos?.plan.state ?? 3;
  await Promise.all([
    api.proxy.use(api.target, decide),
    coordinator.proxy.use(state === 3 ? coordinator.accepting : coordinator.recovering, decide),
  ]);
}

interface Faulty {
  readonly plan: FaultPlan;
  readonly run: ProgramRun;
  readonly before: Snapshot;
  readonly now: Snapshot;
  readonly undisturbed: Undisturbed;
}

function ofFaultyRun(mesh: Mesh, { plan, run, before, now, undisturbed }: Faulty): string[] {
  const most = plan.state === 3 ? 1 : 0;
  const restarts = judgeStopped(mesh, before, now, most);
  if (run.exitCode === null) return [...restarts, `it hung for ${String(run.milliseconds)} ms`];
  const expected = expectedCodes(plan);
  const code = expected.includes(run.exitCode)
    ? []
    : [`it ended with ${String(run.exitCode)}, not ${expected.join(' or ')}: ${run.said}`];
  // "Done" is said only of what is done.
  const done = run.exitCode === 0 ? judgeDone(mesh, before, now, undisturbed) : [];
  return [...restarts, ...code, ...done];
}

/** A fault that never ends may begin when all is done, or befall nothing: then the roll ends well. */
function expectedCodes({ state, lasting }: FaultPlan): number[] {
  if (state === 1) return [1];
  return lasting === undefined ? [0] : [0, 3];
}
