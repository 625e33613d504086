import type { PreflightFacts } from '../core/facts.ts';
import { nodeName } from '../core/facts.ts';
import type { Finding } from '../core/findings.ts';
import { coordinatorImage } from '../core/image.ts';
import { previewMarbles } from '../core/marbles/preview.ts';
import type { MarbleDecision } from '../core/marbles/decision.ts';
import { placementVerdict } from '../core/placement/verdict.ts';
import { planPreflight } from '../core/preflight-plan.ts';
import { preflightFindings } from '../core/preflight.ts';
import { type ExitCode } from '../core/exit-code.ts';
import { outcomeOf, type ReportFact } from '../core/report.ts';
import { stateName } from '../core/states.ts';
import { perform } from './preflight-actions.ts';
import { backUp } from './preflight-backup.ts';
import { publish, type Session } from './session.ts';

/** Decides on what was gathered, acts where every check has passed, and reports. */
export async function concludePreflight(session: Session, facts: PreflightFacts): Promise<ExitCode> {
  const { programVersion } = session;
  const findings = preflightFindings(facts);
  const outcome = outcomeOf(findings);
  const actions: string[] = (session.done = []);
  const done = outcome === 'passed' ? await act(session, facts, actions) : [];
  const report = {
    schemaVersion: 1 as const,
    command: 'preflight' as const,
    programVersion,
    outcome,
    facts: reportFacts(facts),
    findings: [...findings, ...done],
    actions,
  };
  return await publish(session, report, facts.live?.metadata.uid);
}

/**
 * The sealed state is copied beside the other actions, none of which touches it or stops the Coordinator. Both come to
 * their end before an error of either does; what was done by then is in `done`.
 */
async function act(session: Session, facts: PreflightFacts, done: string[]): Promise<Finding[]> {
  const copied: Finding[] = [];
  const prepared: Finding[] = [];
  const copy = async (): Promise<void> => {
    const result = await backUp(session, facts);
    done.push(...result.sentences);
    copied.push(...result.findings);
  };
  const prepare = async (): Promise<void> => {
    for (const action of planPreflight(facts)) {
      const { sentence, finding } = await perform(session, facts, action);
      done.push(sentence);
      if (finding !== undefined) prepared.push(finding);
    }
  };
  const ends = await Promise.allSettled([copy(), prepare()]);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason as Error;
  return [...copied, ...prepared];
}

/** What preflight looked at, a line each. */
export function reportFacts(facts: PreflightFacts): ReportFact[] {
  const { settings, live, coordinator } = facts;
  const lines: ReportFact[] = [
    { name: 'Coordinator', value: `${settings.release.namespace}/${settings.coordinator.deployment}` },
    { name: 'Image', value: imageChange(facts) },
  ];
  if (live === undefined) return lines;
  lines.push({ name: 'Node', value: `${nodeName(facts) ?? 'unknown'}: ${placementText(facts)}` });
  if (coordinator?.known !== true) return lines;
  const { state, rootCertificate, manifest } = coordinator.value;
  lines.push({ name: 'State', value: stateName(state) });
  if (rootCertificate !== undefined) lines.push({ name: 'Root certificate', value: rootCertificate });
  if (manifest !== undefined) {
    const { fingerprint, recoveryKeys, recoveryThreshold } = manifest;
    const needed = recoveryKeys.length === 0 ? '' : `, ${recoveryThreshold} needed for a recovery`;
    lines.push({ name: 'Manifest', value: fingerprint });
    lines.push({ name: 'RecoveryKeys', value: `${recoveryKeys.length}${needed}` });
  }
  const marbles = previewMarbles(facts);
  if (marbles !== undefined) lines.push({ name: 'Marbles', value: marblesText(marbles.decisions) });
  return lines;
}

function marblesText(marbles: readonly MarbleDecision[]): string {
  const restarts = marbles.filter(({ action }) => action === 'restart').length;
  return `${marbles.length} running, ${restarts === 0 ? 'none' : restarts} to be restarted`;
}

function imageChange({ settings, live, target }: PreflightFacts): string {
  const before = live === undefined ? undefined : coordinatorImage(live, settings.coordinator);
  const after = coordinatorImage(target, settings.coordinator) ?? 'none';
  return before === undefined || before === after ? after : `${before} -> ${after}`;
}

function placementText(facts: PreflightFacts): string {
  const verdict = placementVerdict(facts);
  switch (verdict.kind) {
    case 'hands-on-key':
      return 'each node, since its pods hand on the key';
    case 'nowhere-yet':
      return 'none yet';
    case 'stays':
      return 'the Coordinator stays';
    case 'may-move':
      return `the Coordinator may move: ${verdict.reason}`;
    case 'moves-as-declared':
      return 'the Coordinator moves, as placement.avoidNodes says';
    case 'must-move':
      return `does not take the Coordinator: ${verdict.reason}`;
    case 'unknown':
      return `not known whether the Coordinator stays: ${verdict.reason}`;
  }
}
