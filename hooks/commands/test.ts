import type { Deployment } from '../core/objects.ts';
import { type ExitCode } from '../core/exit-code.ts';
import { outcomeOf, type Report } from '../core/report.ts';
import { services, testFindings, type Endpoints, type TestFacts } from '../core/test.ts';
import { gatherEndpoints } from '../io/gather/endpoints.ts';
import { gatherRecord } from '../io/gather/record.ts';
import { paths } from '../io/paths.ts';
import { podsOf } from '../io/pods.ts';
import { deploymentRolledOut } from './deployment-wait.ts';
import { askNewCoordinator, reportFacts } from './rollout/coordinator.ts';
import { publish, type Session } from './session.ts';

/** A Service needs a moment until it knows of a pod that has just become ready. */
const tries = 5;
const pauseMilliseconds = 2000;

/**
 * What `helm test` runs: whether the Coordinator that is there does its work, by its own word, through its Services and in its
 * place. Changes nothing, and writes nothing but its report.
 */
export async function test(
  session: Session,
  gather: typeof gatherEndpoints = gatherEndpoints,
): Promise<ExitCode> {
  const { cluster, clock, files, programVersion } = session;
  const { settings } = files;
  const { release, coordinator } = settings;
  const deployment = await deploymentRolledOut(session, release.namespace, coordinator.deployment);
  const answer = await askNewCoordinator(session, deployment);
  const facts: TestFacts = {
    settings,
    coordinator: answer.coordinator,
    pod: { name: answer.pod.metadata.name, node: answer.pod.spec.nodeName ?? '' },
    nodes: answer.nodes,
    record: await gatherRecord(cluster, release.namespace),
    endpoints: await endpoints(session, gather),
    anchorNodes: await anchorNodes(session),
    now: new Date(clock.now()),
  };
  const findings = testFindings(facts);
  const lines = reportFacts(facts, deployment);
  if (facts.anchorNodes !== undefined) {
    lines.push({ name: 'Anchor', value: facts.anchorNodes.join(', ') || 'none' });
  }
  const report: Report = {
    schemaVersion: 1,
    command: 'test',
    programVersion,
    outcome: outcomeOf(findings),
    facts: lines,
    findings,
    actions: [],
  };
  return await publish(session, report, deployment.metadata.uid);
}

async function endpoints(
  { files, clock, signal }: Session,
  gather: typeof gatherEndpoints,
): Promise<Endpoints> {
  for (let left = tries; ; left--) {
    const seen = await gather(services(files.settings), signal);
    const all = seen.client.known && seen.mesh.known && seen.chain.known;
    if (all || left <= 1 || signal.aborted) return seen;
    await clock.sleep(pauseMilliseconds, signal).catch(() => undefined);
  }
}

async function anchorNodes({ cluster, files }: Session): Promise<string[] | undefined> {
  const { release, anchor } = files.settings;
  if (anchor.deployment === '') return undefined;
  const path = paths.deployment(release.namespace, anchor.deployment);
  const deployment = await cluster.get<Deployment>(path);
  const pods = deployment === undefined ? [] : await podsOf(cluster, deployment);
  return pods.flatMap(({ spec, status }) =>
    status?.phase === 'Running' && spec.nodeName !== undefined ? [spec.nodeName] : [],
  );
}
