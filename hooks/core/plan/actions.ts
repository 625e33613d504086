import { planBackup } from '../backup/plan.ts';
import { rollJobName } from '../detach.ts';
import type { PreflightFacts } from '../facts.ts';
import { planPreflight, type PreflightAction } from '../preflight-plan.ts';

/** What preflight would do once every check has passed, in order, one sentence each. */
export function preflightWould(facts: PreflightFacts): string[] {
  return [...copy(facts), ...planPreflight(facts).map((action) => sentence(action))];
}

function copy(facts: PreflightFacts): string[] {
  const plan = planBackup(facts);
  switch (plan.kind) {
    case 'none':
      return [];
    case 'impossible':
      return [`make no copy of the sealed state: ${plan.why}`];
    case 'copy': {
      const { copies } = facts.settings.backup;
      const ring = copies === 1 ? 'a Secret' : `one of ${copies} Secrets`;
      return [`copy the sealed state on ${plan.order.node} into ${ring}, unless its newest copy is the same`];
    }
  }
}

function sentence(action: PreflightAction): string {
  switch (action.kind) {
    case 'end-roll':
      return `end job/${rollJobName}, which still restarts Marbles for an earlier upgrade`;
    case 'note-baseline':
      return 'note what the Coordinator is now, for the rollout to compare with';
    case 'keep-claim':
      return `mark persistentvolumeclaim/${action.claim} so that Helm keeps it`;
    case 'hold-node':
      return `hold ${action.node} with a pin pod until the anchor runs`;
    case 'release-pin':
      return 'remove the pin pod from the node that the Coordinator leaves';
    case 'release-anchor':
      return 'take the anchor out of the placement group, so that the Coordinator can leave';
    case 'switch-strategy':
      return 'switch the Deployment to the strategy Recreate';
    case 'take-back-image':
      return 'take the image back that kubectl set image had claimed';
  }
}
