import { planBackup, type BackupScene } from '../core/backup/plan.ts';
import { backupPod } from '../core/backup/pod.ts';
import { listLines, listOf } from '../core/backup/list.ts';
import { outcomeLines, readOutcome, type BackupOutcome } from '../core/backup/outcome.ts';
import {
  byHandName,
  mountedRing,
  podByHand,
  restoreName,
  rightsByHand,
  type RestoreCronJob,
} from '../core/backup/restore-job.ts';
import { known, unknown, valueOf } from '../core/known.ts';
import type { Node } from '../core/objects.ts';
import { ExitCode } from '../core/exit-code.ts';
import type { StatusFacts } from '../core/status-view/facts.ts';
import { sceneOf } from '../core/status-view/facts.ts';
import { containerName, nodeOf, speakerOf, versionIn } from '../core/watch/scene.ts';
import { listSlots } from '../io/backup/secrets.ts';
import { grant, revoke } from '../io/backup/rights.ts';
import type { Cluster } from '../io/cluster.ts';
import { gatherBackup } from '../io/gather/backup.ts';
import { unlessForbidden } from '../io/gather/unless-forbidden.ts';
import type { Output } from '../io/output.ts';
import { paths } from '../io/paths.ts';
import { endOf, type End } from './copying-pod.ts';
import { isExpected } from './failure.ts';
import { lookOnce, type LookTools } from './look.ts';

/** What `backup` works with. */
export interface BackupTools extends LookTools {
  output: Output;
  format: 'text' | 'json';
  /** Show the copies that there are, and make none. */
  list: boolean;
  /** A connection for cleaning up, which still works for a moment when the command has been stopped. */
  lastCluster: () => Cluster;
}

/** The most that the pod may take, which may have to pull its image first. */
const budgetMilliseconds = 60_000;

/** What is said at the end, as lines and as data. */
interface Said {
  code: ExitCode;
  lines: string[];
  data: object;
}

/**
 * Copies the sealed state now, as preflight does, or shows the copies that there are. What the pod needs for it is made with
 * the person's rights and removed again; an earlier command that was killed leaves nothing that the next does not remove.
 */
export async function backup(tools: BackupTools): Promise<ExitCode> {
  const { code, lines, data } = await done(tools).catch((error: unknown): Said => {
    if (!isExpected(error)) throw error;
    const why = tools.signal.aborted
      ? `The command was stopped before it was known whether a copy was made (${error.message}).`
      : `No copy is known to be made: ${error.message}.`;
    return failed(ExitCode.Unknown, why, 'To run it again is safe.');
  });
  tools.output.result(tools.format === 'json' ? JSON.stringify(data) : lines.join('\n'));
  return code;
}

async function done(tools: BackupTools): Promise<Said> {
  const facts = await lookOnce(tools);
  const cluster = tools.connect(tools.signal);
  return tools.list ? await listed(cluster, facts) : await copied(tools, cluster, facts);
}

async function listed(cluster: Cluster, facts: StatusFacts): Promise<Said> {
  const { namespace, record } = facts;
  const answer = speakerOf(facts)?.coordinator;
  const fingerprint = answer?.manifest?.fingerprint ?? valueOf(record)?.manifestFingerprint;
  const data = listOf(await listSlots(cluster, namespace), fingerprint);
  return { code: ExitCode.Fine, lines: listLines(data, namespace), data };
}

async function copied(tools: BackupTools, cluster: Cluster, facts: StatusFacts): Promise<Said> {
  const plan = planBackup(await gatherScene(cluster, facts));
  if (plan.kind === 'none') {
    return failed(ExitCode.Blocked, 'There is nothing to copy: the Coordinator has no Manifest yet.');
  }
  if (plan.kind === 'impossible') {
    const otherwise = 'How to copy it without this program is in docs/backup.md.';
    return failed(ExitCode.Blocked, `The sealed state cannot be copied: ${plan.why}.`, otherwise);
  }
  const { namespace, deployment } = facts;
  const cronJob = await cluster.get<RestoreCronJob>(paths.cronJob(namespace, restoreName));
  if (cronJob === undefined) return noCronJob(namespace);
  const owner = { name: deployment.metadata.name, uid: deployment.metadata.uid ?? '' };
  const pod = backupPod(podByHand(cronJob, namespace), plan.order, owner);
  try {
    await grant(cluster, namespace, rightsByHand(mountedRing(cronJob), owner));
    const { clock, output, signal, lastCluster } = tools;
    const copying = { cluster, clock, output, signal, reportingCluster: lastCluster };
    return saidOf(await endOf(copying, pod, budgetMilliseconds), namespace);
  } finally {
    for (const problem of await revoke(tools.lastCluster(), namespace)) tools.output.progress(problem);
  }
}

/** The release does without copies, or its chart is older than they are. */
function noCronJob(namespace: string): Said {
  return failed(
    ExitCode.Blocked,
    `There is no cronjob/${restoreName} in namespace ${namespace}, which the chart brings with backup.enabled.`,
    'Set backup.enabled=true with your next helm upgrade, then run this again.',
  );
}

function failed(code: ExitCode, ...lines: [string, ...string[]]): Said {
  const data: BackupOutcome = { schemaVersion: 1, result: 'failed', why: lines[0], foreign: [] };
  return { code, lines, data };
}

function saidOf(end: End, namespace: string): Said {
  if ('why' in end) return failed(ExitCode.Unknown, `No copy is known to be made: ${end.why}.`);
  const outcome = readOutcome(end.message);
  if (outcome === undefined) {
    const why = `the pod ${byHandName} ended without saying what it did: ${end.message.slice(0, 300)}`;
    return failed(ExitCode.Unknown, `No copy is known to be made: ${why}`);
  }
  return { code: codes[outcome.result], lines: outcomeLines(outcome, namespace), data: outcome };
}

const codes: Readonly<Record<BackupOutcome['result'], ExitCode>> = {
  made: ExitCode.Fine,
  unchanged: ExitCode.Fine,
  nothing: ExitCode.Blocked,
  failed: ExitCode.Unknown,
};

/** What preflight's decision goes by, as a person's rights let it be seen. */
async function gatherScene(cluster: Cluster, facts: StatusFacts): Promise<BackupScene> {
  const { namespace, deployment, record } = facts;
  const scene = sceneOf(facts);
  const pods = valueOf(facts.pods) ?? [];
  const settings = {
    release: { namespace },
    coordinator: { container: containerName, simulation: false, version: versionIn(scene) || 'unknown' },
    values: { backup: { enabled: true } },
    backup: { enabled: true, copies: 1 },
  };
  const answer = speakerOf(facts)?.coordinator;
  const name = nodeOf(scene);
  const node = name === '' ? undefined : await unlessForbidden(async () => await nodeAt(cluster, name));
  return {
    settings,
    live: deployment,
    pods,
    coordinator: answer === undefined ? unknown('no pod answers') : known(answer),
    node,
    record,
    backup: await gatherBackup(cluster, settings, deployment, pods),
  };
}

async function nodeAt(cluster: Cluster, name: string): Promise<NonNullable<BackupScene['node']>> {
  const node = await cluster.get<Node>(paths.node(name));
  return node === undefined ? unknown(`node ${name} is gone`) : known({ node });
}
