import type { RolloutRecord } from '../record.ts';
import type { Settings } from '../settings.ts';
import type { RolloutStatus } from '../status/status.ts';
import { isKeyOf, startKey, type StartConditions } from './conditions.ts';
import { obstacle, type Obstacle } from './obstacle.ts';
import type { MarbleWorkload } from './workload.ts';

/** What is done with a workload, and why. */
export interface MarbleDecision {
  workload: MarbleWorkload;
  action: 'restart' | 'keep' | 'skip';
  reason: string;
  /** Of one that is kept: an earlier run restarted it for these conditions, and that roll has not ended. */
  unfinished: boolean;
  /** Of one that is skipped: its pods still run under other conditions. */
  due: boolean;
}

/** How to decide. */
export interface RestartRules extends Pick<Settings['rollout'], 'onDelete'> {
  mode: Settings['rollout']['restart'];
  /** The key of the start conditions now; with `always`, of the Coordinator's pod too. */
  key: string;
}

/**
 * Which workloads start again. One without a key of its own is taken to have started under what the record says;
 * with no record nothing shows that anything has changed (S6: Marbles are not affected by the update itself).
 */
export function decideMarbles(
  workloads: readonly MarbleWorkload[],
  now: StartConditions,
  record: Partial<RolloutRecord> | undefined,
  rules: RestartRules,
): MarbleDecision[] {
  return workloads.map((workload) => {
    const before = workload.startedUnder ?? record?.startedUnder ?? startKey(now);
    const same = rules.mode === 'always' ? before === rules.key : isKeyOf(before, now);
    const inTheWay = obstacle(workload, rules);
    if (same) {
      const unfinished =
        workload.startedUnder !== undefined && !isComplete(workload.status) && inTheWay === undefined;
      const reason = unfinished
        ? `it was restarted by an earlier run, which has not ended: ${workload.status.message}`
        : whyKept(workload, inTheWay);
      return { workload, action: 'keep', reason, unfinished, due: false };
    }
    const reason = whatChanged(now, record, rules.mode);
    if (inTheWay === undefined) return { workload, action: 'restart', reason, unfinished: false, due: false };
    const because = `${reason}, but ${inTheWay.reason}`;
    return { workload, action: 'skip', reason: because, unfinished: false, due: inTheWay.due };
  });
}

/** One that has opted out may have started under anything: the record speaks of the others only. */
function whyKept({ startedUnder }: MarbleWorkload, inTheWay: Obstacle | undefined): string {
  if (startedUnder === undefined && inTheWay?.due === false) return inTheWay.reason;
  return 'it started under the same bootstrapping and certificates';
}

function isComplete({ done, completed = false }: RolloutStatus): boolean {
  return done || completed;
}

const watched = [
  { field: 'bootstrapping', text: 'the Coordinator bootstraps Marbles in another way' },
  { field: 'rootCertificate', text: 'the root certificate changed' },
  { field: 'intermediateCertificate', text: 'the intermediate certificate changed' },
] as const;

/** Why Marbles have to start again, in words. */
export function whatChanged(
  now: StartConditions,
  record: Partial<RolloutRecord> | undefined,
  mode: RestartRules['mode'],
): string {
  const changes = watched
    .filter(({ field }) => record?.[field] !== undefined && record[field] !== now[field])
    .map(({ text }) => text);
  if (changes.length > 0) return changes.join(' and ');
  if (mode === 'always') return 'rollout.restart is always and the Coordinator pod is a new one';
  return 'it started under other conditions (rollout.nonce, or an earlier Coordinator)';
}
