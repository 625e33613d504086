import { setTimeout as delay } from 'node:timers/promises';
import { checkValueConflicts } from '../../hooks/core/checks/value-conflicts.ts';
import type { PreflightFacts } from '../../hooks/core/facts.ts';
import { nextPod } from '../../hooks/core/placement/candidate.ts';
import type { Deployment, Pod } from '../../hooks/core/objects.ts';
import { pinName, boundTo } from '../../hooks/core/pin.ts';
import { placementVerdict, type PlacementVerdict } from '../../hooks/core/placement/verdict.ts';
import { planPreflight } from '../../hooks/core/preflight-plan.ts';
import type { Cluster } from '../../hooks/io/cluster.ts';
import { ClusterError } from '../../hooks/io/cluster-error.ts';
import { gatherPreflight } from '../../hooks/io/gather/preflight.ts';
import { paths } from '../../hooks/io/paths.ts';
import type { Placement, PodWatch } from './api.ts';
import { scenarioLabel } from './generate.ts';
import type { Scenario } from './scenario.ts';
import { provide } from './storage.ts';

/** What preflight said of a scenario, and what the scheduler did. */
export interface Played {
  seed: number;
  wrinkles: string[];
  verdict: PlacementVerdict;
  /** Where the new pod went or why it went nowhere; undefined when the scheduler did not touch it. */
  placement: Placement;
  /** True where there was nothing to place: the API server refused the pod, as preflight had said it would. */
  notAdmitted?: true;
  /** Why the two do not agree; undefined when they do. */
  mismatch?: string;
}

/** What playing needs. */
export interface Stage {
  cluster: Cluster;
  watch: PodWatch;
}

/** Puts a scenario on the cluster, asks preflight, plays the upgrade, compares, and clears up. */
export async function play(stage: Stage, scenario: Scenario): Promise<Played> {
  try {
    return await played(stage, scenario);
  } finally {
    await clear(stage.cluster, scenario);
  }
}

async function played({ cluster, watch }: Stage, scenario: Scenario): Promise<Played> {
  const { seed, wrinkles, files, namespace, old } = scenario;
  const live = await setUp(cluster, scenario);
  const signal = new AbortController().signal;
  const coordinatorAt = (): never => {
    throw new Error('no Coordinator runs on a node that is none');
  };
  const sources = { cluster, signal, coordinatorAt };
  const facts = await gatherPreflight(sources, files);
  const verdict = placementVerdict(facts);
  const result = { seed, wrinkles, verdict };
  const held = await heldByPin({ cluster, watch }, scenario, facts, live);
  if (held !== 'not needed' && held?.node === undefined && verdict.kind === 'stays') {
    const mismatch = `no pin can hold the node: ${held?.refused ?? 'not scheduled'}`;
    return { ...result, placement: held, mismatch };
  }
  const strategy = files.deployment.spec.strategy;
  const surges = strategy?.type === 'RollingUpdate' && strategy.rollingUpdate?.maxSurge !== 0;
  if (!surges) await cluster.delete(`${paths.pod(namespace, old.metadata.name)}?gracePeriodSeconds=0`);
  const next = await admitted(cluster, newPod(scenario));
  if (typeof next === 'string')
    return { ...result, placement: { refused: next }, ...unforeseen(facts, next) };
  const words = verdict.kind === 'must-move' ? verdict.reason : undefined;
  const placement = await settled(watch, next, { bound: verdict.kind === 'stays', words });
  const mismatch = disagreement(verdict, placement, old.spec.nodeName ?? '');
  return { ...result, placement, ...(mismatch === undefined ? {} : { mismatch }) };
}

/** What becomes of the pin, where preflight wants one. */
async function heldByPin(
  { cluster, watch }: Stage,
  { files, namespace }: Scenario,
  facts: PreflightFacts,
  { metadata }: Deployment,
): Promise<Placement | 'not needed'> {
  const hold = planPreflight(facts).find((action) => action.kind === 'hold-node');
  if (hold === undefined) return 'not needed';
  const owner = { name: metadata.name, uid: metadata.uid ?? '' };
  const pin = await cluster.create<Pod>(paths.pods(namespace), boundTo(hold.node, files.pin, owner));
  return await settled(watch, pin, { bound: true });
}

/** What to say where the API server refuses the pod: whether preflight had said so. */
function unforeseen(facts: PreflightFacts, refusal: string): Pick<Played, 'mismatch' | 'notAdmitted'> {
  const foreseen = checkValueConflicts(facts).some(({ message }) =>
    message.includes('the API server refuses'),
  );
  return foreseen ? { notAdmitted: true } : { mismatch: `not foreseen: ${refusal}` };
}

/** The pod as it is stored, or why the API server refuses it. */
async function admitted(cluster: Cluster, pod: Pod): Promise<Pod | string> {
  try {
    return await cluster.create<Pod>(paths.pods(pod.metadata.namespace), pod);
  } catch (error) {
    if (error instanceof ClusterError && error.kind === 'forbidden') return error.message;
    throw error;
  }
}

function newPod({ files, live, seed, namespace }: Scenario): Pod {
  const { metadata, spec } = nextPod(files.deployment, live, undefined).pod;
  const labels = { ...metadata.labels, 'pod-template-hash': `new${seed}` };
  return { metadata: { name: `s${seed}-new`, namespace, labels }, spec };
}

/**
 * What becomes of a pod. The scheduler may see a node or a claim a moment after the pod, so a result that is not what is
 * expected is given time to change.
 */
async function settled(
  watch: PodWatch,
  { metadata }: Pod,
  { bound = false, words }: { bound?: boolean; words?: string | undefined },
): Promise<Placement> {
  const uid = metadata.uid ?? '';
  const expected = (placement: Placement): boolean =>
    placement !== undefined &&
    (placement.node !== undefined || (!bound && (words === undefined || speaksOf(placement.refused, words))));
  const first = await watch.until(uid, (placement) => placement !== undefined, 10_000);
  return expected(first) ? first : await watch.until(uid, expected, 4_000);
}

function disagreement(verdict: PlacementVerdict, placement: Placement, node: string): string | undefined {
  const went = placement?.node;
  switch (verdict.kind) {
    case 'stays':
      return went === node ? undefined : `false "stays": ${went ?? placement?.refused ?? 'not scheduled'}`;
    case 'must-move':
      if (went === node) return 'false "must-move": it was bound to its node';
      if (placement?.refused === undefined || speaksOf(placement.refused, verdict.reason)) return undefined;
      return `other words: ${placement.refused}`;
    case 'moves-as-declared':
      return went === node ? 'it did not move as declared' : undefined;
    default:
      return undefined;
  }
}

const lostClaim = /persistentvolumeclaim "[^"]+" not found/;

/**
 * Whether the scheduler's message has the reason that was foretold. A claim that is being deleted is gone once the old pod is, and then
 * it may be named in the place of another one that is not there.
 */
function speaksOf(message: string, reason: string): boolean {
  const later = reason.replace('is being deleted', 'not found');
  return message.includes(reason) || (lostClaim.test(later) && lostClaim.test(message));
}

async function setUp(cluster: Cluster, scenario: Scenario): Promise<Deployment> {
  const { nodes, storage, pods, old, live, namespace, leaving } = scenario;
  await Promise.all([
    ...nodes.map(async (node) => {
      // A controller remembers nodes by name, gone ones too, and takes them for dead without a fresh sign of life.
      const alive = { lastHeartbeatTime: new Date().toISOString() };
      const conditions = node.status?.conditions?.map((condition) => ({ ...condition, ...alive }));
      await cluster.create(paths.nodes(), { ...node, status: { ...node.status, conditions } });
      // Admission has given it a taint that only its kubelet's readiness takes away.
      const taints = node.spec.taints ?? [];
      await cluster.patch(paths.node(node.metadata.name), 'merge', { spec: { taints } });
    }),
    ...storage.map((each) => provide(cluster, each)),
  ]);
  const [stored] = await Promise.all([
    cluster.create<Deployment>(`/apis/apps/v1/namespaces/${namespace}/deployments`, live),
    ...[old, ...pods].map(async (pod) => {
      const path = paths.pods(pod.metadata.namespace);
      const { status } = pod;
      await cluster.create(path, pod);
      const own = `${path}/${pod.metadata.name}`;
      if (status !== undefined) await cluster.patch(`${own}/status`, 'merge', { status });
      // Without a kubelet nobody ends it.
      if (leaving.includes(pod.metadata.name)) await cluster.delete(own);
    }),
  ]);
  for (const { claim, deleted } of storage) {
    if (deleted === true) await cluster.delete(paths.claim(namespace, claim.metadata.name));
  }
  // What the scheduler sees of nodes and claims may come after the pod.
  await delay(60);
  return stored;
}

async function clear(cluster: Cluster, { namespace, other, files, seed, storage }: Scenario): Promise<void> {
  const now = 'gracePeriodSeconds=0';
  const everything = [
    `${paths.pods(namespace)}?${now}`,
    `${paths.pods(other)}?${now}`,
    paths.deployment(namespace, files.settings.coordinator.deployment),
    ...storage.map(({ claim }) => paths.claim(namespace, claim.metadata.name)),
    `${paths.nodes()}?labelSelector=${scenarioLabel}%3Ds${seed}`,
    ...storage.flatMap(({ volume }) => (volume === undefined ? [] : [paths.volume(volume.metadata.name)])),
  ];
  await Promise.all(
    everything.map(async (path) => {
      await cluster.delete(path).catch((error: unknown) => {
        if (!(error instanceof ClusterError)) throw error;
      });
    }),
  );
  if ((await cluster.get(paths.pod(namespace, pinName))) !== undefined) {
    throw new Error(`${namespace} is not clear`);
  }
}
