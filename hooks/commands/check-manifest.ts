import { checkManifest } from '../core/manifest-check/check.ts';
import { inForceOf } from '../core/manifest-check/in-force.ts';
import { manifestReport, renderManifestReport } from '../core/manifest-check/report.ts';
import type { InForce } from '../core/manifest-check/update/check.ts';
import { newestRelease } from '../core/releases.ts';
import { ExitCode } from '../core/exit-code.ts';
import { exitCodeOf } from '../core/report.ts';
import { SettingsError } from '../core/settings.ts';
import { CoordinatorState, stateName } from '../core/states.ts';
import { ClusterError } from '../io/cluster-error.ts';
import type { Cluster } from '../io/cluster.ts';
import { readInForce, readText } from '../io/manifest.ts';
import type { Output } from '../io/output.ts';
import type { Reach } from '../io/reach.ts';

/** A Coordinator, and how it is reached. */
export interface AskedCoordinator {
  namespace: string;
  cluster: Cluster;
  reach: Pick<Reach, 'connectionTo'>;
  /** Ends the questions. */
  signal: AbortSignal;
}

export interface CheckManifestOptions {
  /** The Manifest to check; `-` for standard input. */
  file: string;
  /** The Manifest in force, as a file. */
  current: string | undefined;
  /** Where to ask for the Manifest in force instead; undefined for nowhere. */
  coordinator: AskedCoordinator | undefined;
  /** Empty for that of the Coordinator that is asked, or else the newest. */
  coordinatorVersion: string;
  format: 'text' | 'json';
  programVersion: string;
  output: Output;
  /** Ends the wait for standard input. */
  signal: AbortSignal;
}

/** Says what a Coordinator would make of a Manifest, before it gets it. Changes nothing anywhere. */
export async function checkManifestFile(options: CheckManifestOptions): Promise<ExitCode> {
  const { file, format, programVersion, output, signal } = options;
  const text = await readText(file, signal);
  const before = await inForce(options);
  if ('failure' in before) {
    output.result(before.failure);
    return ExitCode.Unknown;
  }
  const coordinatorVersion = versionFor(options.coordinatorVersion, before.version);
  const verdict = checkManifest(text, coordinatorVersion, before.manifest);
  const report = manifestReport(verdict, { programVersion, coordinatorVersion, file });
  output.result(format === 'json' ? JSON.stringify(report) : renderManifestReport(report));
  return exitCodeOf(report.outcome);
}

function versionFor(wanted: string, running: string | undefined): string {
  if (wanted !== '') return wanted;
  return running !== undefined && /^v?\d+\.\d+\.\d+/.test(running) ? running : newestRelease();
}

type Before = { manifest?: InForce; version?: string | undefined } | { failure: string };

async function inForce({ current, coordinator, signal }: CheckManifestOptions): Promise<Before> {
  if (current !== undefined) {
    const manifest = inForceOf({ manifest: await readText(current, signal), updateLog: [] });
    if (manifest !== undefined) return { manifest };
    throw new SettingsError(`${current} is no Manifest that a Coordinator could have in force`);
  }
  return coordinator === undefined ? {} : await fromCoordinator(coordinator);
}

async function fromCoordinator({ cluster, reach, namespace, signal }: AskedCoordinator): Promise<Before> {
  try {
    const answer = await readInForce({ cluster, signal }, reach, namespace);
    if (!answer.known) return { failure: notRead(answer.why, namespace) };
    const { state, told, version } = answer.value;
    if (state === CoordinatorState.AcceptingManifest) return { version };
    const manifest = told === undefined ? undefined : inForceOf(told);
    if (manifest !== undefined) return { manifest, version };
    return { failure: noManifest(state) };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return { failure: notRead(error.message, namespace) };
  }
}

function notRead(why: string, namespace: string): string {
  return `The Manifest in force could not be read: ${why}\nGive it with --current FILE (marblerun manifest get), or see that you may list deployments and pods and create pods/portforward in ${namespace}.`;
}

function noManifest(state: number): string {
  return state === CoordinatorState.Recovery
    ? `The Coordinator is in state ${stateName(state)} and gives out no Manifest. Recover it first: a Manifest that is set now would destroy its state.`
    : `The Coordinator is in state ${stateName(state)} and gives out no Manifest that can be read.`;
}
