import { runningUnder } from './baseline.ts';
import type { PreflightFacts } from './facts.ts';
import { valueOf } from './known.ts';
import { decideMarbles, startConditions, startKey, type MarbleDecision } from './marbles.ts';
import { CoordinatorState } from './states.ts';

/**
 * What the rollout will do with the Marbles, should the Coordinator keep its state: the same decision, before the
 * upgrade. Undefined where it cannot be told, and in any state but 3, in which no Marble is restarted.
 */
export function previewMarbles(facts: PreflightFacts): MarbleDecision[] | undefined {
  const coordinator = valueOf(facts.coordinator);
  const marbles = valueOf(facts.marbles);
  if (coordinator?.state !== CoordinatorState.AcceptingMarbles || marbles === undefined) return undefined;
  const { coordinator: target, rollout } = facts.settings;
  const after = startConditions(coordinator, target.version, rollout.nonce);
  // With `always`, a new pod of the Coordinator makes a key that no Marble has yet.
  const key = rollout.restart === 'always' ? '' : startKey(after);
  return decideMarbles(marbles, after, runningUnder(facts), { mode: rollout.restart, key });
}
