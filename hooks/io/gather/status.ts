import { rollJobName, rolloutJobName, type Job } from '../../core/detach.ts';
import { environmentOf } from '../../core/environment.ts';
import { known, unknown, valueOf, type Known } from '../../core/known.ts';
import type { Deployment, Pod } from '../../core/objects.ts';
import { severalParties } from '../../core/recovery/missing.ts';
import type { Uploads } from '../../core/recovery/uploads.ts';
import { SettingsError } from '../../core/settings.ts';
import { CoordinatorState } from '../../core/states.ts';
import { sceneOf, type Anchor, type RolloutJobs, type StatusFacts } from '../../core/status-view/facts.ts';
import { rolloutSettings } from '../../core/status-view/marbles.ts';
import { containerName, speakerOf, versionIn } from '../../core/watch/scene.ts';
import { seeCopies } from '../backup/secrets.ts';
import type { Clock } from '../clock.ts';
import type { Cluster } from '../cluster.ts';
import { findMarbles } from '../marbles.ts';
import { paths } from '../paths.ts';
import { podsOf } from '../pods.ts';
import { followUploads } from '../uploads.ts';
import { askPods } from './coordinator.ts';
import { gatherRecord } from './record.ts';
import { gatherReport } from './report.ts';
import type { Sources } from './sources.ts';
import { unlessForbidden } from './unless-forbidden.ts';

/** What a person named. */
export interface StatusPlace {
  namespace: string;
  /** Empty for the only one there is. */
  release: string;
}

const partOfMarblerun = 'app.kubernetes.io/part-of=marblerun';
const releaseAnnotation = 'meta.helm.sh/release-name';
const releaseLabel = 'app.kubernetes.io/instance';
const componentLabel = 'app.kubernetes.io/component';
/** MarbleRun's own, where the Deployment names none. */
const defaultClientPort = 4433;

/** Looks at everything once. Changes nothing; a right that is missing makes its part unknown. */
export async function gatherStatus(
  sources: Sources & { clock: Clock },
  place: StatusPlace,
): Promise<StatusFacts> {
  const { cluster } = sources;
  const { namespace } = place;
  const deployments = await marblerunIn(cluster, namespace);
  const deployment = await coordinatorAmong(cluster, place, deployments);
  const clientPort = clientPortOf(deployment);
  const [pods, record, anchor, rollouts, report, copies] = await Promise.all([
    unlessForbidden(async () => known(await podsOf(cluster, deployment))),
    gatherRecord(cluster, namespace),
    unlessForbidden(async () => known(await anchorOf(cluster, deployments))),
    unlessForbidden(async () => known(await rolloutJobsIn(cluster, namespace))),
    gatherReport(cluster, namespace),
    unlessForbidden(async () => known(await seeCopies(cluster, namespace))),
  ]);
  const { namespaces } = rolloutSettings(valueOf(record));
  const [answers, marbles] = await Promise.all([
    askPods(sources, valueOf(pods) ?? [], clientPort),
    findMarbles(cluster, { namespaces, mesh: namespace }),
  ]);
  const facts: StatusFacts = {
    namespace,
    release: releaseOf(deployment) ?? deployment.metadata.name,
    deployment,
    clientPort,
    pods,
    answers,
    uploads: unknown('it was not asked'),
    record,
    anchor,
    marbles,
    rollouts,
    report,
    copies,
  };
  return { ...facts, uploads: await uploadsOf(sources, facts) };
}

async function marblerunIn(cluster: Cluster, namespace: string | undefined): Promise<Deployment[]> {
  return await cluster.list<Deployment>(paths.workloads('Deployment', namespace), {
    labelSelector: partOfMarblerun,
  });
}

/** The Coordinator's Deployment; throws a SettingsError that says where to look instead when there is none, or several. */
export async function findCoordinator(cluster: Cluster, place: StatusPlace): Promise<Deployment> {
  return await coordinatorAmong(cluster, place, await marblerunIn(cluster, place.namespace));
}

/** The Coordinator's Deployment; throws a SettingsError that says where to look instead when it is not the one that is meant. */
async function coordinatorAmong(
  cluster: Cluster,
  { namespace, release }: StatusPlace,
  deployments: readonly Deployment[],
): Promise<Deployment> {
  const coordinators = deployments.filter(isCoordinator);
  const meant = coordinators.filter((each) => release === '' || releaseOf(each) === release);
  const [only, ...more] = meant;
  if (only !== undefined && more.length === 0) return only;
  const names = (those: readonly Deployment[]): string => those.map(nameOf).join(', ');
  if (more.length > 0) {
    throw new SettingsError(
      `namespace ${namespace} has several Coordinators: ${names(meant)}; name the release that you mean`,
    );
  }
  if (coordinators.length > 0) {
    throw new SettingsError(
      `no release "${release}" with a Coordinator is in namespace ${namespace}, which has ${names(coordinators)}`,
    );
  }
  const elsewhere = await unlessForbidden(async () =>
    known((await marblerunIn(cluster, undefined)).filter(isCoordinator)),
  );
  const found = (valueOf(elsewhere) ?? []).map(
    (each) => `${nameOf(each)} (-n ${each.metadata.namespace ?? ''})`,
  );
  const hint = found.length === 0 ? 'name another with -n NAMESPACE' : `there is ${found.join(', ')}`;
  throw new SettingsError(`no Coordinator is in namespace ${namespace}: ${hint}`);
}

function isCoordinator({ spec }: Deployment): boolean {
  return spec.template.spec.containers.some(({ name }) => name === containerName);
}

function nameOf(deployment: Deployment): string {
  return releaseOf(deployment) ?? deployment.metadata.name;
}

function releaseOf({ metadata }: Deployment): string | undefined {
  return metadata.annotations?.[releaseAnnotation] ?? metadata.labels?.[releaseLabel];
}

/** The address that the Coordinator is told to listen at (MarbleRun v1.9.1: coordinator/constants/constants.go). */
export function clientPortOf(deployment: Deployment): number {
  const address = environmentOf(deployment, { container: containerName }).EDG_COORDINATOR_CLIENT_ADDR ?? '';
  return Number(/:(\d+)$/.exec(address)?.[1] ?? defaultClientPort);
}

async function anchorOf(cluster: Cluster, deployments: readonly Deployment[]): Promise<Anchor | undefined> {
  const deployment = deployments.find(
    ({ metadata }) => metadata.labels?.[componentLabel] === 'coordinator-anchor',
  );
  return deployment === undefined ? undefined : { deployment, pods: await podsOf(cluster, deployment) };
}

/** Both in one request. */
async function rolloutJobsIn(cluster: Cluster, namespace: string): Promise<RolloutJobs> {
  const jobs = await cluster.list<Job>(paths.jobs(namespace), { labelSelector: partOfMarblerun });
  const named = (name: string): Job | undefined => jobs.find(({ metadata }) => metadata.name === name);
  return { hook: named(rolloutJobName), roll: named(rollJobName) };
}

/** Only a recovery by several parties leaves anything in the log. */
async function uploadsOf(
  { cluster, clock }: { cluster: Cluster; clock: Clock },
  facts: StatusFacts,
): Promise<Known<Uploads>> {
  const speaker = speakerOf(facts);
  const keys = valueOf(facts.record)?.recoveryKeys;
  const asks =
    speaker?.coordinator.state === CoordinatorState.Recovery &&
    severalParties(versionIn(sceneOf(facts)), keys);
  if (!asks) return facts.uploads;
  const pod: Pod = speaker.pod;
  return await followUploads(cluster, clock, containerName)(pod);
}
