import type { ContainerStatus, Pod } from '../../core/objects.ts';
import type { StatefulSet } from '../../core/objects/workloads.ts';
import { selectorText } from '../../core/placement/label-selector.ts';
import { lastWords } from '../../core/roll/last-words.ts';
import { nameOf } from '../../core/roll/progress.ts';
import { newPods, looked } from '../../core/roll/sight.ts';
import type { Member } from '../../core/roll/member.ts';
import { isCrowded } from '../../core/roll/schedule.ts';
import { orderedReadyTrap } from '../../core/status/ordered-ready-trap.ts';
import { paths } from '../../io/paths.ts';
import type { Session } from '../session.ts';
import { despite } from './despite.ts';
import { evictNext } from './evict.ts';

/** The pods of a workload are looked at this long after its start, and then as often. */
const lookMilliseconds = 4000;
/**
 * How many workloads are looked at in one turn: a watch tells of those that have no trouble, and each look lets the API
 * server go through all pods of a namespace.
 */
const looksAtOnce = { usual: 5, crowded: 1 };
const logLines = 20;

/** Looks at the pods of the workloads that take long, and makes way for new ones where the controller does not. */
export async function lookAtPods(session: Session, members: readonly Member[], key: string): Promise<void> {
  const now = session.clock.now();
  const crowded = isCrowded(members);
  const slow = members.filter(
    ({ phase, status, lookedAt, startedAt = now, heardAt = now }) =>
      phase === 'rolling' &&
      now - (lookedAt ?? startedAt) >= lookMilliseconds &&
      // In a crowd a workload waits for its controller's turn, and moves once it has come.
      (!crowded || (status?.unseen !== true && now - heardAt >= lookMilliseconds)),
  );
  // Those that were looked at longest ago come first, so that none is forgotten.
  const next = slow
    .sort((a, b) => (a.lookedAt ?? 0) - (b.lookedAt ?? 0))
    .slice(0, looksAtOnce[crowded ? 'crowded' : 'usual']);
  await Promise.all(
    next.map(async (member) => {
      const failure = await despite(() => look(session, member, key));
      member.lookedAt = session.clock.now();
      if (failure !== undefined)
        session.output.progress(`The pods of ${nameOf(member)} are not known: ${failure}`);
    }),
  );
}

async function look(session: Session, member: Member, key: string): Promise<void> {
  const pods = await podsOfMember(session, member);
  member.trouble = looked(member.trouble, newPods(pods, key), session.clock.now());
  if (member.target.evict) await evictNext(session, member, { pods, key });
}

async function podsOfMember({ cluster }: Session, { target }: Member): Promise<Pod[]> {
  const labelSelector = selectorText({ matchLabels: target.podLabels });
  return await cluster.list<Pod>(paths.pods(target.namespace), { labelSelector });
}

/** Why a workload failed, with what its pods tell: the last words of a container that crashed, and what holds it up. */
export async function explained(session: Session, member: Member, key: string): Promise<string> {
  const parts = [member.failure ?? ''];
  const failure = await despite(async () => {
    const pods = await podsOfMember(session, member);
    const words = await lastWordsOf(session, newPods(pods, key));
    if (words !== undefined) parts.push(words);
    const trap = member.target.kind === 'StatefulSet' ? await trapOf(session, member, pods) : undefined;
    if (trap !== undefined) parts.push(trap);
  });
  if (failure !== undefined) parts.push(`its pods could not be looked at: ${failure}`);
  return parts.join('; ');
}

/** Of the first container that has ended, this time or the time before. */
async function lastWordsOf(session: Session, pods: readonly Pod[]): Promise<string | undefined> {
  for (const pod of pods) {
    const crashed = crashedContainer(pod);
    const words = crashed === undefined ? undefined : await lastWordsIn(session, pod, crashed);
    if (words !== undefined) return words;
  }
  return undefined;
}

function crashedContainer({ status }: Pod): ContainerStatus | undefined {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return containers.find(({ ready, restartCount, state }) => {
    return !ready && (restartCount > 0 || state?.terminated !== undefined);
  });
}

/**
 * Of the run that ended: the one before, once the container has been started again. The kubelet may be a step ahead of
 * the status that it told, so the other run is asked for when that one has no words.
 */
async function lastWordsIn(
  { cluster }: Session,
  { metadata }: Pod,
  { name, state }: ContainerStatus,
): Promise<string | undefined> {
  const path = paths.podLog(metadata.namespace ?? '', metadata.name);
  const ofThis = { container: name, tailLines: logLines };
  const ofTheOneBefore = { ...ofThis, previous: 'true' };
  const failures: string[] = [];
  for (const query of state?.terminated === undefined ? [ofTheOneBefore, ofThis] : [ofThis, ofTheOneBefore]) {
    let words: string | undefined;
    const failure = await despite(async () => {
      words = lastWords(await cluster.text(path, query));
    });
    if (words !== undefined) return words;
    if (failure !== undefined) failures.push(failure);
  }
  const [failure] = failures;
  return failure === undefined ? undefined : `its log could not be read: ${failure}`;
}

async function trapOf(
  { cluster }: Session,
  { target }: Member,
  pods: readonly Pod[],
): Promise<string | undefined> {
  const set = await cluster.get<StatefulSet>(paths.workload(target));
  const trap = set === undefined ? undefined : orderedReadyTrap(set, pods);
  return trap === undefined ? undefined : `${trap.message}: ${trap.command}`;
}
