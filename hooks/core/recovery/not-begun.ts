import type { Finding } from '../findings.ts';
import type { Pod } from '../objects.ts';
import type { StatusFacts } from '../status-view/facts.ts';
import { verdictOf } from '../status-view/verdict.ts';

/*
 * Why `recover` sends no secret.
 */

/** The Coordinator is not in Recovery, or what it is in is not known. */
export function notNeeded(facts: StatusFacts): Finding {
  const { outcome, verdict, next } = verdictOf(facts);
  const { name } = facts.deployment.metadata;
  const unknown = outcome === 'unknown';
  return {
    code: unknown ? 'coordinator-unreachable' : 'recovery-not-needed',
    severity: outcome === 'passed' ? 'info' : 'block',
    subject: `deployment/${name}`,
    message: verdict,
    remedy: next.join('\n'),
  };
}

/** Nobody can recover this Coordinator as it is. */
export function cannotRecover({ metadata }: Pod, message: string): Finding {
  const subject = `pod/${metadata.name}`;
  return { code: 'recovery-needed', severity: 'block', subject, message, remedy: '' };
}

/** It may be another than the one that is expected. */
export function notAttested({ metadata }: Pod, reasons: readonly string[]): Finding {
  return {
    code: 'coordinator-not-attested',
    severity: 'block',
    subject: `pod/${metadata.name}`,
    message: `The Coordinator could not be attested, and no secret was sent to it: ${reasons.join('; ')}.`,
    remedy:
      'See what runs in the pod before you go on: whoever has the recovery secrets and keys can open the sealed state. docs/recovery.md says what is checked.',
  };
}

/** Whoever is in between may pretend to be a simulation; what the Deployment runs, the API server says. */
export const noSimulation =
  'it sent no quote, although its Deployment does not run it in simulation (OE_SIMULATION)';
