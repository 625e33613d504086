import { runningUnder } from '../baseline.ts';
import type { PreflightFacts } from '../facts.ts';
import { valueOf } from '../known.ts';
import { CoordinatorState } from '../states.ts';
import { startConditions, startKey, startKeyOfPod } from './conditions.ts';
import { decideMarbles, type MarbleDecision } from './decision.ts';
import type { LooseMarble } from './found.ts';
import { looseDue } from './left-alone.ts';

/** What the rollout will do, and what carries the Marble label and stays as it is though it would have to start anew. */
export interface MarblePreview {
  decisions: MarbleDecision[];
  loose: LooseMarble[];
}

/**
 * What the rollout will do with the Marbles, should the Coordinator keep its state: the same decision, before the
 * upgrade. Undefined where it cannot be told, and in any state but 3, in which no Marble is restarted. `podUid` is given where
 * the Coordinator's pod is known to stay.
 */
export function previewMarbles(facts: PreflightFacts, podUid?: string): MarblePreview | undefined {
  const coordinator = valueOf(facts.coordinator);
  const { marbles } = facts;
  if (coordinator?.state !== CoordinatorState.AcceptingMarbles || marbles === undefined) return undefined;
  const { coordinator: target, rollout } = facts.settings;
  const { restart: mode, onDelete } = rollout;
  const after = startConditions(coordinator, target.version, rollout.nonce);
  const before = runningUnder(facts);
  // With `always`, a new pod of the Coordinator makes a key that no Marble has yet.
  const newPod = podUid === undefined ? '' : startKeyOfPod(after, podUid);
  const key = mode === 'always' ? newPod : startKey(after);
  return {
    decisions: decideMarbles(marbles.workloads, after, before, { mode, key, onDelete }),
    loose: looseDue(marbles, after, before),
  };
}
