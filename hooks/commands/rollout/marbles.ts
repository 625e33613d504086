import { startedBefore } from '../../core/baseline.ts';
import { valueOf } from '../../core/known.ts';
import { startConditions } from '../../core/marbles/conditions.ts';
import type { Pod } from '../../core/objects.ts';
import type { RolloutRecord } from '../../core/record.ts';
import type { RolloutFacts } from '../../core/rollout.ts';
import { CoordinatorState } from '../../core/states.ts';
import { rollMarbles, type RolledMarbles } from '../marbles.ts';
import type { Session } from '../session.ts';

/** What became of the Marbles, and what the record says about them from now on. */
export interface MarbleOutcome extends Omit<RolledMarbles, 'startedUnder'> {
  started: Partial<RolloutRecord>;
}

/** Restarts the Marbles that need it, in state 3 and in no other. */
export async function restartMarbles(
  session: Session,
  facts: RolloutFacts,
  pod: Pod,
): Promise<MarbleOutcome> {
  const { settings, coordinator } = facts;
  const record = valueOf(facts.record);
  if (coordinator.state !== CoordinatorState.AcceptingMarbles) {
    return { findings: [], actions: [], lines: [], workloads: [], started: {} };
  }
  const conditions = startConditions(coordinator, settings.coordinator.version, settings.rollout.nonce);
  const podUid = pod.metadata.uid ?? pod.metadata.name;
  const { startedUnder, ...rolled } = await rollMarbles(session, conditions, record, podUid);
  const { bootstrapping, intermediateCertificate } = conditions;
  const started =
    startedUnder === undefined
      ? // A workload that was left alone must still be found to need its restart next time.
        (startedBefore(record) ?? {})
      : { startedUnder, bootstrapping, intermediateCertificate };
  return { ...rolled, started };
}
