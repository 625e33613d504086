import { acknowledgementToken } from '../acknowledge.ts';
import type { PreflightFacts } from '../facts.ts';
import type { Finding } from '../findings.ts';
import { wantedActions, type PreflightAction } from '../preflight-plan.ts';
import { missingFor, rightName, type Right } from '../rights.ts';

/** What each act is for, so that a person can tell whether to go without it. */
const purposes: Readonly<Record<PreflightAction['kind'], string>> = {
  'end-roll': 'end the Job that may still restart Marbles while the Coordinator is replaced',
  'note-baseline': 'note what the Coordinator is now, for the rollout to compare with',
  'keep-claim': 'mark the claim of the sealed state so that Helm keeps it',
  'hold-node': 'hold the node for a Coordinator that has no anchor yet',
  'release-pin': 'remove the pin pod from the node that the Coordinator leaves',
  'release-anchor': 'take the anchor out of the group that the Coordinator has to join',
  'switch-strategy': 'switch the Deployment to Recreate, without which Helm’s apply is refused',
  'take-back-image': 'take the image back from kubectl set image, without which Helm’s apply is refused',
};

/** Rights that are missing for what preflight is about to do: said before the first act. */
export function checkRights(facts: PreflightFacts): Finding[] {
  const { missingRights, settings } = facts;
  const { namespace } = settings.release;
  if (!missingRights.known) {
    return [
      {
        code: 'rights-missing',
        severity: 'warn',
        subject: 'the preflight',
        message: `Whether preflight may do what it has to do is not known: ${missingRights.why}.`,
        remedy: 'A right that is missing shows when it is needed. Run the same helm command again then.',
      },
    ];
  }
  const acts = wantedActions(facts).flatMap(({ kind }) => {
    const missing = missingFor(kind, facts);
    return missing.length === 0 ? [] : [missingRight(purposes[kind], missing, namespace)];
  });
  const event = missingFor('write-event', facts);
  if (event.length === 0) return acts;
  const quiet = missingRight('write an Event about the outcome', event, namespace);
  delete quiet.token;
  return [...acts, { ...quiet, severity: 'warn' }];
}

function missingRight(purpose: string, missing: readonly Right[], namespace: string): Finding {
  const names = missing.map(rightName);
  return {
    code: 'rights-missing',
    severity: 'block',
    subject: 'the preflight',
    message: `Preflight may not ${names.join(', ')} in ${namespace}, and needs it to ${purpose}.`,
    remedy:
      'Give the hook’s ServiceAccount the right; the chart renders them all. Acknowledged, it goes without.',
    token: acknowledgementToken('rights-missing', [namespace, purpose, ...names]),
  };
}
