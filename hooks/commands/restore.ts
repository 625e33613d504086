import { restoreName, type RestoreCronJob } from '../core/backup/restore-job.ts';
import { known } from '../core/known.ts';
import { ExitCode } from '../core/exit-code.ts';
import { decideRestore, type RestoreWish } from '../core/restore/decision.ts';
import { saidByJob } from '../core/restore/job.ts';
import type { RestoreNote } from '../core/restore/note.ts';
import type { RestoreOutcome } from '../core/restore/outcome.ts';
import { replicaOwners, type Autoscaler } from '../core/restore/owners.ts';
import { rightName, type Right } from '../core/rights.ts';
import { SettingsError } from '../core/settings.ts';
import { CoordinatorState, stateName } from '../core/states.ts';
import type { StatusFacts } from '../core/status-view/facts.ts';
import { listSlots } from '../io/backup/secrets.ts';
import type { Cluster } from '../io/cluster.ts';
import { missingOf } from '../io/gather/rights.ts';
import { unlessForbidden } from '../io/gather/unless-forbidden.ts';
import type { Output } from '../io/output.ts';
import { paths } from '../io/paths.ts';
import type { Terminal } from '../io/terminal.ts';
import { isExpected } from './failure.ts';
import { lookOnce, type LookTools } from './look.ts';
import { gatherClaim, type RestoreClaim } from './restore/claim.ts';
import {
  makeClaim,
  RestartedError,
  runJob,
  startCoordinator,
  stopCoordinator,
  type StepTools,
} from './restore/steps.ts';

/** What `restore` works with. */
export interface RestoreTools extends LookTools {
  output: Output;
  format: 'text' | 'json';
  wish: RestoreWish;
  /** Asks the person; undefined where nobody can answer. */
  confirm: Terminal['confirm'] | undefined;
  /** The person has agreed beforehand. */
  yes: boolean;
  /** Where Helm keeps releases (HELM_DRIVER). */
  driver: string;
  /** A connection for cleaning up, which still works for a moment when the command has been stopped. */
  lastCluster: () => Cluster;
}

/** How it ended, and what to say last. */
interface Said extends Pick<RestoreOutcome, 'result' | 'lines'> {
  code: ExitCode;
  state?: number | undefined;
}

/** What is to be done. */
interface Work {
  facts: StatusFacts;
  note: RestoreNote;
  cronJob: RestoreCronJob;
  claim: RestoreClaim;
}

/**
 * Leads through the restore of a copy: says what it does, asks, stops the Coordinator, has the copy put back, and starts it
 * again. Where it is interrupted it says what was done by then, and the next one goes on from there. Throws a SettingsError
 * where nobody can be asked.
 */
export async function restore(tools: RestoreTools): Promise<ExitCode> {
  if (!tools.yes && tools.confirm === undefined) {
    throw new SettingsError('restore asks before it changes anything, and here is no terminal: give --yes');
  }
  const told: Told = { done: [] };
  const { done } = told;
  const { code, result, state, lines } = await restored(tools, told).catch((error: unknown): Said => {
    const restarted = error instanceof RestartedError;
    if (!isExpected(error) && !restarted && !tools.signal.aborted) throw error;
    const why = `The restore was not finished: ${(error as Error).message}.`;
    return {
      code: restarted ? ExitCode.Blocked : ExitCode.Unknown,
      result: done.length === 0 ? 'failed' : 'unfinished',
      lines:
        done.length === 0 ? [why, 'Nothing was changed.'] : [why, `Done by then: ${done.join(', ')}.`, again],
    };
  });
  const came = state === undefined ? {} : { state };
  const outcome: RestoreOutcome = { schemaVersion: 1, result, ...told, ...came, lines };
  tools.output.result(tools.format === 'json' ? JSON.stringify(outcome) : lines.join('\n'));
  return code;
}

const again = 'Run the same command again to finish it.';

/** What is known of a restore so far, also where it ends early. */
interface Told extends Pick<RestoreOutcome, 'done'> {
  secret?: string;
}

async function restored(tools: RestoreTools, told: Told): Promise<Said> {
  const cluster = tools.connect(tools.signal);
  const facts = await lookOnce(tools);
  const { namespace } = facts;
  const cronJob = await cluster.get<RestoreCronJob>(paths.cronJob(namespace, restoreName));
  if (cronJob === undefined) return blocked(noCronJob(namespace), backupsOff);
  const decision = decideRestore(facts, await listSlots(cluster, namespace), tools.wish);
  if (decision.kind === 'refuse') return refused(decision.lines);
  told.secret = decision.note.copy;
  const claim = await gatherClaim(cluster, facts, cronJob, tools.driver);
  if (!claim.there && claim.rendered === undefined) return blocked(noClaim(claim, namespace));
  const missing = await missingRights(cluster, facts, claim);
  if (missing.length > 0) {
    return {
      code: ExitCode.Unknown,
      result: 'failed',
      lines: [`You may not ${missing.join(', ')}.`, 'Nothing was changed.'],
    };
  }
  for (const line of [...decision.lines, ...(await gatherOwners(cluster, facts))])
    tools.output.progress(line);
  if (!tools.yes && (await tools.confirm?.('Restore it?')) !== true) return blocked('You did not agree.');
  return await carryOut({ ...tools, cluster }, { facts, note: decision.note, cronJob, claim }, told.done);
}

async function carryOut(tools: StepTools, work: Work, done: string[]): Promise<Said> {
  const { facts, note, cronJob, claim } = work;
  const { namespace } = facts;
  await stopCoordinator(tools, facts, note).catch((error: unknown) => {
    // What an answer did not tell is found out by the next run: the note is on the Deployment, or nothing was changed.
    done.push('asked the Coordinator to stop');
    throw error;
  });
  done.push('stopped the Coordinator');
  await makeClaim(tools, namespace, claim);
  if (!claim.there) done.push(`made persistentvolumeclaim/${claim.name} again`);
  const end = await runJob(tools, facts, cronJob, note);
  if (end.kind === 'unknown') {
    const lines = [`The Job that restores failed: ${end.text}.`, 'The Coordinator stays stopped.', again];
    return { code: ExitCode.Unknown, result: 'unfinished', lines };
  }
  if (end.kind === 'restored') done.push(`had the copy in secret/${note.copy} put onto the volume`);
  const state = await startCoordinator(tools, facts, note);
  done.push('started the Coordinator');
  const lines = [...saidByJob(end.text), ...stateLines(state, facts)];
  return end.kind === 'refused'
    ? { ...refused(lines), state }
    : { code: codeOf(state), result: 'restored', state, lines };
}

function blocked(...lines: string[]): Said {
  return refused([...lines, 'Nothing was changed.']);
}

function refused(lines: string[]): Said {
  return { code: ExitCode.Blocked, result: 'refused', lines };
}

/** Says that the release has no CronJob to restore with. */
function noCronJob(namespace: string): string {
  return `There is no cronjob/${restoreName} in namespace ${namespace}, which the chart brings with backup.enabled.`;
}

const backupsOff =
  'Set backup.enabled=true with your next helm upgrade, or use the commands in docs/backup.md.';

function noClaim({ name }: RestoreClaim, namespace: string): string {
  return `persistentvolumeclaim/${name} is not there, and no Helm release in namespace ${namespace} tells how it was. Make it again first.`;
}

function codeOf(state: number | undefined): ExitCode {
  if (state === undefined) return ExitCode.Unknown;
  return state === CoordinatorState.AcceptingManifest ? ExitCode.Blocked : ExitCode.Fine;
}

function stateLines(state: number | undefined, { namespace, release }: StatusFacts): string[] {
  const status = `marblerun-hooks status ${release} -n ${namespace}`;
  if (state === undefined) return [`The Coordinator was started, but does not answer yet. See: ${status}`];
  const now = `The Coordinator is in state ${stateName(state)}`;
  switch (state) {
    case CoordinatorState.AcceptingMarbles:
      return [`${now}: no recovery is needed.`];
    case CoordinatorState.Recovery:
      return [
        `${now}: recover it with your recovery secrets, as docs/recovery.md shows. It is told by: ${status}`,
      ];
    default:
      return [`${now}: it did not take up the restored state. See its log, and: ${status}`];
  }
}

async function missingRights(cluster: Cluster, facts: StatusFacts, claim: RestoreClaim): Promise<string[]> {
  const { namespace, deployment } = facts;
  const jobs = ['get', 'create', 'delete'].map((verb): Right => ({ verb, group: 'batch', resource: 'jobs' }));
  const needed: Right[] = [
    { verb: 'patch', group: 'apps', resource: 'deployments', name: deployment.metadata.name },
    ...jobs,
    { verb: 'list', group: '', resource: 'pods' },
    ...(claim.there ? [] : [{ verb: 'create', group: '', resource: 'persistentvolumeclaims' }]),
  ];
  const missing = await missingOf(cluster, namespace, needed);
  return missing.known ? missing.value.map(rightName) : [];
}

async function gatherOwners(cluster: Cluster, { namespace, deployment }: StatusFacts): Promise<string[]> {
  const autoscalers = await unlessForbidden(async () =>
    known(await cluster.list<Autoscaler>(paths.autoscalers(namespace))),
  );
  return replicaOwners(deployment, autoscalers);
}
