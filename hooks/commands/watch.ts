import { known, unknown, valuesOf, type Known } from '../core/known.ts';
import { stateName } from '../core/states.ts';
import { blank, type Limits, type Memory } from '../core/watch/memory.ts';
import { next, wantsLook, type Decision } from '../core/watch/next.ts';
import type { Scene } from '../core/watch/scene.ts';
import type { Clock } from '../io/clock.ts';
import { ClusterError } from '../io/cluster-error.ts';
import type { Coordinator } from '../io/coordinator.ts';
import { clientUrl } from '../io/gather/coordinator.ts';
import type { Output } from '../io/output.ts';
import { lookAround, noteRecord, tellEvent, type AnchorTools } from './watch/anchor.ts';

export interface WatchOptions {
  coordinator: Coordinator;
  intervalMilliseconds: number;
  limits: Limits;
  clock: Clock;
  output: Output;
  /** Ends the watch. */
  signal: AbortSignal;
  /** What the anchor alone does; the pin only logs. */
  anchor?: AnchorTools | undefined;
}

/**
 * Asks the Coordinator for its state now and then, and logs each change of the answer. The anchor also tells Events, keeps the
 * record true and shows by its readiness whether Marbles can start. Whatever fails is said once, and tried again later.
 */
export async function watch(options: WatchOptions): Promise<void> {
  const { clock, output, signal, intervalMilliseconds, anchor } = options;
  const say = onceEach((line) => {
    output.progress(`${new Date(clock.now()).toISOString()} ${line}`);
  });
  let memory = blank;
  await ready(anchor, true, say);
  while (!signal.aborted) {
    memory = await round(options, memory, say);
    await clock.sleep(intervalMilliseconds, signal).catch(() => undefined);
  }
  await anchor?.listener.set(false);
}

/** Says a line unless it said the same about the same subject last; an empty one says that all is well again. */
type Say = (subject: Subject, line: string) => void;
type Subject = 'state' | 'ready' | 'look' | 'event' | 'unwritten' | 'record' | 'port';

function onceEach(print: (line: string) => void): Say {
  const said = new Map<string, string>();
  return (subject, line) => {
    if (said.get(subject) !== line && line !== '') print(line);
    said.set(subject, line);
  };
}

async function round(
  { coordinator, limits, clock, signal, anchor }: WatchOptions,
  memory: Memory,
  say: Say,
): Promise<Memory> {
  const answer = await ask([...eachOfSeveral(anchor, memory), coordinator], signal);
  if (signal.aborted) return memory;
  say(
    'state',
    answer.known
      ? `The Coordinator is in state ${stateName(answer.value)}`
      : `The Coordinator does not answer: ${answer.why}`,
  );
  if (anchor === undefined) return memory;
  const looks = wantsLook(memory, answer, new Date(clock.now()), limits);
  const scene = looks ? await look(anchor, say) : undefined;
  const decision = next(memory, { answer, scene }, new Date(clock.now()), limits);
  say('ready', decision.ready ? '' : `Not Ready: ${decision.why}`);
  await ready(anchor, decision.ready, say);
  return scene === undefined ? decision.memory : await act(anchor, memory, { decision, scene }, say);
}

/** Behind a Service only one of several answers: each is asked that was there at the last look. */
function eachOfSeveral(anchor: AnchorTools | undefined, { scene }: Memory): Coordinator[] {
  const pods = scene?.pods ?? [];
  if (anchor === undefined || pods.length < 2) return [];
  const urls = pods.map((pod) => clientUrl(pod, anchor.place.clientPort));
  return urls.flatMap((url) => (url === undefined ? [] : [anchor.coordinatorAt(url)]));
}

/** The lowest state of all that answer, since a Marble may reach that one; why there is no answer where none does. */
async function ask(coordinators: readonly Coordinator[], signal: AbortSignal): Promise<Known<number>> {
  const answers = await Promise.all(
    coordinators.map(
      async (each): Promise<Known<number>> =>
        await each.state(signal).then(known, (error: unknown) => unknown((error as Error).message)),
    ),
  );
  const states = valuesOf(answers);
  return states.length > 0 ? known(Math.min(...states)) : (answers.at(-1) ?? unknown('nobody was asked'));
}

async function ready(anchor: AnchorTools | undefined, open: boolean, say: Say): Promise<void> {
  await anchor?.listener.set(open).then(
    () => {
      say('port', '');
    },
    (error: unknown) => {
      say('port', `The port that shows readiness cannot be opened: ${(error as Error).message}`);
    },
  );
}

async function look(anchor: AnchorTools, say: Say): Promise<Scene | undefined> {
  try {
    const scene = await lookAround(anchor);
    say('look', scene.record.known ? '' : `The record is not known: ${scene.record.why}`);
    return scene;
  } catch (error) {
    if (!anchor.signal.aborted) say('look', `The cluster cannot be looked at: ${(error as Error).message}`);
    return undefined;
  }
}

/** What was decided; the memory forgets that it told what could not be told, so that it is told later. */
async function act(
  anchor: AnchorTools,
  before: Memory,
  { decision, scene }: { decision: Decision; scene: Scene },
  say: Say,
): Promise<Memory> {
  const { memory, event, recordChange } = decision;
  if (recordChange !== undefined) {
    await attempt(say, 'record', 'The record was not changed', async () => {
      await noteRecord(anchor, recordChange, scene);
      say('record', `The record names ${recordChange.coordinator.node} now, and the state that is in force`);
    });
  }
  if (event === undefined) return memory;
  say('event', event.message);
  const first = before.told.situation === undefined;
  const told = await attempt(say, 'unwritten', `No Event ${event.reason} was written`, async () => {
    await tellEvent(anchor, event, scene, first);
  });
  return told ? memory : { ...memory, told: before.told };
}

/** Whether it is done, or need not be tried again, since a right is missing for it. */
async function attempt(
  say: Say,
  subject: Subject,
  failure: string,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    say(subject, `${failure}: ${(error as Error).message}`);
    return error instanceof ClusterError && error.kind === 'forbidden';
  }
}
