/**
 * Plays the crash test inside the lab's network: run.ts, with a {@link CrashOrder} as JSON on stdin. Prints a
 * {@link Crash} as a line of JSON for each moment at which a rollout was killed.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { apiServer } from '../lab/addresses.ts';
import { judgeDone, judgeStopped } from '../roll/judge.ts';
import type { Mesh } from '../roll/mesh.ts';
import { runRollout, writeKubeconfig, writeOrder, type Order } from '../roll/program.ts';
import { nextRevision, type Snapshot } from '../roll/snapshot.ts';
import { authorityOf, Stage } from '../roll/stage.ts';

/** What is asked of the crash test. */
export interface CrashOrder {
  /** Alike but for their names; each plays one crash at a time. */
  readonly meshes: readonly Mesh[];
  /** Plays only the moments of this one call. */
  readonly call?: number;
}

/** A moment at which a rollout is killed. */
interface Moment {
  /** From 1 on. */
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** What became of one killed rollout. */
export interface Crash extends Moment {
  /** Method and path of that call in an undisturbed run; the same call of another run may be another one. */
  readonly request: string;
  /** False: the run had fewer calls than that, and ended by itself. */
  readonly killed: boolean;
  readonly problems: readonly string[];
}

const preload = join(import.meta.dirname, 'kill-at-call.ts');
const limitMilliseconds = 270_000;
const order: Order = { revision: 1, nonce: '', maxConcurrent: 4, deadlineSeconds: 240, clientPort: 4433 };

const { meshes, call } = JSON.parse(await text(process.stdin)) as CrashOrder;
const stage = await Stage.open();
const undisturbed = await Promise.all(meshes.map((mesh) => prepare(mesh)));
const requests = longest(undisturbed.map((each) => each.requests));
const moments = requests
  .map((_, index) => index + 1)
  .filter((each) => call === undefined || each === call)
  .flatMap((each): Moment[] => [
    { call: each, when: 'before' },
    { call: each, when: 'after' },
  ]);
const queue = moments.values();
await Promise.all(
  meshes.map(async (mesh, index) => {
    for (const moment of queue) {
      const crash = await play(mesh, moment, undisturbed[index]?.record);
      process.stdout.write(`${JSON.stringify(crash)}\n`);
    }
  }),
);
process.exit(0);

/** The first run ever writes the record that the next ones are compared with; the second one restarts everything. */
async function prepare(mesh: Mesh): Promise<{ requests: string[]; record: Snapshot['record'] }> {
  await writeKubeconfig(mesh, { server: apiServer, authority: authorityOf(process.env.KUBECONFIG ?? '') });
  const revision = nextRevision(await stage.snapshot(mesh));
  await stage.settle(mesh, { ...order, revision, nonce: `first-${String(revision)}` });
  const before = await stage.snapshot(mesh);
  const calls = join(mesh.folder, 'calls');
  await rm(calls, { force: true });
  const its = { ...order, revision: revision + 1, nonce: `undisturbed-${String(revision)}` };
  await stage.settle(mesh, its, preload, { CALLS: calls });
  const after = await stage.snapshot(mesh);
  const problems = judgeDone(mesh, before, after, { record: after.record, revision: revision + 1 });
  if (problems.length > 0) throw new Error(`An undisturbed rollout went wrong: ${problems.join('; ')}`);
  return { requests: (await readFile(calls, 'utf8')).trim().split('\n'), record: after.record };
}

/** Kills a rollout, looks at what it left, runs another one, and looks again. */
async function play(mesh: Mesh, moment: Moment, record: Snapshot['record']): Promise<Crash> {
  const before = await stage.snapshot(mesh);
  const revision = nextRevision(before);
  const its = { ...order, revision, nonce: `${String(moment.call)}-${moment.when}` };
  await writeOrder(mesh, its);
  const environment = { KILL_AT: `${String(moment.call)}:${moment.when}` };
  const first = await runRollout(mesh, { limitMilliseconds, preload, environment });
  const stopped = judgeStopped(mesh, before, await stage.snapshot(mesh), 1);
  const second = await runRollout(mesh, { limitMilliseconds });
  const done = judgeDone(mesh, before, await stage.snapshot(mesh), { record, revision });
  const failed =
    second.exitCode === 0 ? [] : [`the second run ended with ${String(second.exitCode)}: ${second.said}`];
  return {
    ...moment,
    request: requests[moment.call - 1] ?? '',
    killed: first.exitCode === null,
    problems: [...stopped.map((problem) => `after the kill, ${problem}`), ...done, ...failed],
  };
}

function longest(lists: readonly string[][]): string[] {
  return lists.reduce((most, list) => (list.length > most.length ? list : most), []);
}
