import { identity, startedBefore } from '../core/baseline.ts';
import { blocks } from '../core/findings.ts';
import { coordinatorImage } from '../core/image.ts';
import { valueOf } from '../core/known.ts';
import { userValues } from '../core/lost/recorded.ts';
import { startConditions } from '../core/marbles/conditions.ts';
import type { Deployment, Pod } from '../core/objects.ts';
import { pinName } from '../core/pin.ts';
import { isRollback, type RolloutRecord } from '../core/record.ts';
import { outcomeOf, type ExitCode, type ReportFact } from '../core/report.ts';
import { rolloutFindings, type RolloutFacts } from '../core/rollout.ts';
import { CoordinatorState, stateName } from '../core/states.ts';
import { clientUrl } from '../io/gather/coordinator.ts';
import { gatherRecord } from '../io/gather/record.ts';
import { paths } from '../io/paths.ts';
import { podsOf } from '../io/pods.ts';
import { storeRecord } from '../io/record.ts';
import { waitFor } from '../io/wait.ts';
import { deploymentRolledOut } from './deployment-wait.ts';
import { rollMarbles, type RolledMarbles } from './marbles.ts';
import { publish, waitOf, type Session } from './session.ts';

/**
 * Makes sure after an upgrade that the Coordinator is the one that was there before and lets Marbles start, restarts
 * those that need it, and writes the record. Restarts nothing in any state but 3.
 */
export async function rollout(session: Session): Promise<ExitCode> {
  const { cluster, files, programVersion } = session;
  const { settings } = files;
  const { namespace } = settings.release;
  const deployment = await deploymentRolledOut(session, namespace, settings.coordinator.deployment);
  const { pod, coordinator } = await askNewCoordinator(session, deployment);
  const facts: RolloutFacts = {
    settings,
    coordinator,
    pod: { name: pod.metadata.name, node: pod.spec.nodeName ?? '' },
    record: await gatherRecord(cluster, namespace),
  };
  const findings = rolloutFindings(facts);
  const actions: string[] = (session.done = []);
  const lines = reportFacts(facts, deployment);
  if (!findings.some(blocks)) {
    actions.push(...(await releasePin(session)));
    const marbles = await restartMarbles(session, facts, pod);
    findings.push(...marbles.findings);
    actions.push(...marbles.actions);
    lines.push(...marbles.lines);
    if (!findings.some(blocks)) {
      await storeRecord(cluster, namespace, newRecord(session, facts, deployment, marbles.started));
    }
  }
  const outcome = outcomeOf(findings);
  const report = {
    schemaVersion: 1 as const,
    command: 'rollout' as const,
    programVersion,
    outcome,
    facts: lines,
    findings,
    actions,
  };
  return await publish(session, report, deployment.metadata.uid);
}

/** A Coordinator that has just become ready may need a moment more to answer. */
async function askNewCoordinator(
  session: Session,
  deployment: Deployment,
): Promise<{ pod: Pod; coordinator: RolloutFacts['coordinator'] }> {
  const { cluster, files, coordinatorAt, signal } = session;
  const { coordinator } = files.settings;
  return await waitFor(waitOf(session), `deployment/${coordinator.deployment}`, async () => {
    const [pod] = await podsOf(cluster, deployment);
    const url = pod === undefined ? undefined : clientUrl(pod, coordinator.clientPort);
    if (pod === undefined || url === undefined)
      return { done: false, message: 'it has no pod with an address' };
    try {
      return { done: true, value: { pod, coordinator: await coordinatorAt(url).facts(signal) } };
    } catch (error) {
      const message = `pod/${pod.metadata.name} at ${url} does not answer: ${(error as Error).message}`;
      return { done: false, message };
    }
  });
}

/** The pin has done its work once the anchor runs. */
async function releasePin(session: Session): Promise<string[]> {
  const { cluster, files } = session;
  const { namespace } = files.settings.release;
  const { deployment } = files.settings.anchor;
  if (deployment !== '') await deploymentRolledOut(session, namespace, deployment);
  const pin = await cluster.get<Pod>(paths.pod(namespace, pinName));
  if (pin === undefined) return [];
  await cluster.delete(paths.pod(namespace, pinName));
  return ['removed the pin pod; the anchor holds the node now'];
}

/** What the record says about Marbles from now on, beside what became of them. */
interface MarbleOutcome extends Omit<RolledMarbles, 'startedUnder'> {
  started: Partial<RolloutRecord>;
}

async function restartMarbles(session: Session, facts: RolloutFacts, pod: Pod): Promise<MarbleOutcome> {
  const { settings, coordinator } = facts;
  const record = valueOf(facts.record);
  if (coordinator.state !== CoordinatorState.AcceptingMarbles) {
    return { findings: [], actions: [], lines: [], started: {} };
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

function reportFacts({ settings, coordinator, pod }: RolloutFacts, deployment: Deployment): ReportFact[] {
  const lines = [
    { name: 'Coordinator', value: `${settings.release.namespace}/${settings.coordinator.deployment}` },
    { name: 'Image', value: coordinatorImage(deployment, settings.coordinator) ?? 'none' },
    { name: 'Node', value: pod.node },
    { name: 'State', value: stateName(coordinator.state) },
  ];
  const { rootCertificate, manifest } = coordinator;
  if (rootCertificate !== undefined) lines.push({ name: 'Root certificate', value: rootCertificate });
  if (manifest !== undefined) lines.push({ name: 'Manifest', value: manifest.fingerprint });
  return lines;
}

function newRecord(
  { clock }: Session,
  { settings, coordinator, pod, record }: RolloutFacts,
  deployment: Deployment,
  started: Partial<RolloutRecord>,
): RolloutRecord {
  const { revision } = settings.release;
  const before = valueOf(record);
  return {
    schemaVersion: 1,
    time: new Date(clock.now()).toISOString(),
    chartVersion: settings.chart.version,
    revision: isRollback(revision, before) ? (before?.revision ?? 0) + 1 : revision,
    coordinator: {
      version: settings.coordinator.version,
      image: coordinatorImage(deployment, settings.coordinator) ?? '',
      node: pod.node,
    },
    ...identity(coordinator),
    ...started,
    values: userValues(settings),
  };
}
