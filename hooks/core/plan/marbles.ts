import type { PreflightFacts } from '../facts.ts';
import type { MarbleDecision } from '../marbles/decision.ts';
import { previewMarbles } from '../marbles/preview.ts';
import { workloadName, type MarbleWorkload } from '../marbles/workload.ts';
import { inOrder } from '../roll/schedule.ts';
import type { CoordinatorRestart } from './restart.ts';

/** A Marble workload that the rollout will start again, and why. */
export interface PlannedRestart {
  workload: MarbleWorkload;
  reason: string;
}

/** Those that start in one wave, in order. */
export interface Wave {
  wave: number;
  restarts: PlannedRestart[];
}

/** What the rollout will do with the Marbles, should the Coordinator keep its state. */
export interface PlannedMarbles {
  waves: Wave[];
  /** Those that would need a restart and get none, each with the reason. */
  leftAlone: string[];
  /** How many stay as they are. */
  kept: number;
}

/** The roll to come, in its order; undefined where no Marble can be restarted or nothing is known of them. */
export function plannedMarbles(
  facts: PreflightFacts,
  { kind }: CoordinatorRestart,
): PlannedMarbles | undefined {
  const staying = kind === 'stays' ? facts.pods[0]?.metadata.uid : undefined;
  const preview = previewMarbles(facts, staying);
  if (preview === undefined) return undefined;
  const restarts = preview.decisions.filter(({ action }) => action === 'restart');
  const ordered = inOrder(restarts.map((decision) => ({ target: decision.workload, decision })));
  const waves = Map.groupBy(ordered, ({ target }) => target.wave);
  const skipped = preview.decisions.filter(({ action }) => action === 'skip');
  return {
    waves: [...waves].map(([wave, members]) => ({
      wave,
      restarts: members.map(({ decision: { workload, reason } }) => ({ workload, reason })),
    })),
    leftAlone: [
      ...skipped.map(({ workload, reason }) => `${workloadName(workload)}: ${reason}`),
      ...preview.loose.map(({ subject, why }) => `${subject}: ${why}`),
    ],
    kept: preview.decisions.filter(isKept).length,
  };
}

function isKept({ action }: MarbleDecision): boolean {
  return action === 'keep';
}
