import { startedBefore } from '../core/baseline.ts';
import { blocks } from '../core/findings.ts';
import { valueOf, type Known } from '../core/known.ts';
import type { Deployment } from '../core/objects.ts';
import type { RolloutRecord } from '../core/record.ts';
import { type ExitCode } from '../core/exit-code.ts';
import { outcomeOf, type Report } from '../core/report.ts';
import type { ReportedWorkload } from '../core/roll/report.ts';
import { rolloutFindings, type RolloutFacts } from '../core/rollout.ts';
import { CoordinatorState } from '../core/states.ts';
import { gatherRecord } from '../io/gather/record.ts';
import { storeRecord } from '../io/record.ts';
import { deploymentRolledOut } from './deployment-wait.ts';
import { askNewCoordinator, releasePin, reportFacts, type Answer } from './rollout/coordinator.ts';
import { handMarblesOver } from './rollout/detach.ts';
import { awaitInjector } from './rollout/injector.ts';
import { restartMarbles } from './rollout/marbles.ts';
import { newRecord } from './rollout/record.ts';
import { awaitRecovery } from './rollout/recovery.ts';
import { publish, type Session } from './session.ts';

/**
 * Makes sure after an upgrade that the Coordinator is the one that was there before and lets Marbles start, restarts
 * those that need it, and writes the record. Restarts nothing in any state but 3. With `recovery.mode: wait` it waits
 * in state 1 until somebody has recovered the Coordinator.
 */
export async function rollout(session: Session): Promise<ExitCode> {
  const { cluster, clock, files, programVersion } = session;
  const { settings } = files;
  const { namespace } = settings.release;
  const { deployment, pod, nodes, coordinator, record, waitedInVain } = await settledCoordinator(session);
  const facts: RolloutFacts = {
    settings,
    coordinator,
    pod: { name: pod.metadata.name, node: pod.spec.nodeName ?? '' },
    nodes,
    record,
    waitedInVain,
  };
  const findings = rolloutFindings(facts);
  const actions: string[] = (session.done = []);
  const lines = reportFacts(facts, deployment);
  const workloads: ReportedWorkload[] = [];
  if (!findings.some(blocks) && !session.detached) {
    actions.push(...(await releasePin(session)));
    findings.push(...(await awaitInjector(session)));
  }
  if (!findings.some(blocks)) {
    const store = async (started: Partial<RolloutRecord>): Promise<void> => {
      if (!isWorthRecording(facts)) return;
      await storeRecord(cluster, namespace, newRecord(session, facts, deployment, started));
    };
    const marbles = handsOver(session, facts)
      ? await handMarblesOver(session, deployment, () => store(untouched(valueOf(record))))
      : await restartMarbles(session, facts, pod);
    findings.push(...marbles.findings);
    actions.push(...marbles.actions);
    lines.push(...marbles.lines);
    workloads.push(...marbles.workloads);
    if (marbles.started !== undefined && !findings.some(blocks))
      await store({ ...marbles.started, completed: new Date(clock.now()).toISOString() });
  }
  const report: Report = {
    schemaVersion: 1,
    command: 'rollout',
    programVersion,
    outcome: waitedInVain === undefined ? outcomeOf(findings) : 'unknown',
    facts: lines,
    findings,
    ...(workloads.length === 0 ? {} : { workloads }),
    actions,
  };
  return await publish(session, report, deployment.metadata.uid);
}

/** What a hook leaves of the record that hands the Marbles over: none of them has been restarted by then. */
function untouched(record: RolloutRecord | undefined): Partial<RolloutRecord> {
  const completed = record?.completed;
  return { ...startedBefore(record), ...(completed === undefined ? {} : { completed }) };
}

interface Settled extends Answer {
  deployment: Deployment;
  record: Known<RolloutRecord | undefined>;
  waitedInVain?: string;
}

/**
 * The Coordinator once its Deployment has rolled out, and where that is asked for once it has been recovered: after that it
 * may have another pod, and that is asked anew.
 */
async function settledCoordinator(session: Session): Promise<Settled> {
  const { release, coordinator, recovery } = session.files.settings;
  for (;;) {
    const deployment = await deploymentRolledOut(session, release.namespace, coordinator.deployment);
    const answer = await askNewCoordinator(session, deployment);
    const record = await gatherRecord(session.cluster, release.namespace);
    if (answer.coordinator.state !== CoordinatorState.Recovery || recovery.mode === 'manual') {
      return { deployment, ...answer, record };
    }
    const recovered = await awaitRecovery(session, deployment, answer, valueOf(record));
    if (!recovered.left) return { deployment, ...recovered.answer, record, waitedInVain: recovered.why };
  }
}

/** Whether the Marbles are for a Job to roll, and this is not it. */
function handsOver({ detached }: Session, { settings, coordinator }: RolloutFacts): boolean {
  return settings.rollout.detach && !detached && coordinator.state === CoordinatorState.AcceptingMarbles;
}

/** A record that cannot be read may tell of a Manifest: one that tells of none does not take its place. */
function isWorthRecording({ record, coordinator }: RolloutFacts): boolean {
  return record.known || coordinator.manifest !== undefined;
}
