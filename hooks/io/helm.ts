import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { parseAllDocuments } from 'yaml';
import type { RenderedObject } from '../core/plan/changes.ts';
import { dryRunArguments } from '../core/plan/command.ts';
import type { PlanRequest } from '../core/plan/request.ts';
import { SettingsError } from '../core/settings.ts';

/** Helm said no; the message is its own words. */
export class HelmError extends Error {
  override readonly name = 'HelmError';
  /** Whether the cluster is what it could not get at, rather than what it was asked for. */
  readonly outside: boolean;

  constructor(message: string, outside: boolean) {
    super(message);
    this.outside = outside;
  }
}

/** What Helm would apply. It holds Secrets and is never printed as a whole. */
export interface DryRun {
  objects: RenderedObject[];
  hooks: RenderedObject[];
}

export interface HelmOptions {
  environment: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** Told what Helm says besides its result, such as that a flag is deprecated. */
  progress: (line: string) => void;
}

/** How far apart a signal may reach the processes of a terminal. */
const signalMilliseconds = 100;

interface HelmRelease {
  manifest: string;
  hooks?: { manifest: string }[] | null;
}

/** How Helm says that a cluster or a registry does not answer, or does not let it (Helm 3 and 4: pkg/kube, pkg/action). */
const outside =
  /cluster unreachable|connection refused|i\/o timeout|no such host|TLS handshake|forbidden|Unauthorized|another operation/i;

/**
 * Has the user's Helm (HELM_BIN, else `helm`) say what the upgrade would apply, hooks included. Nothing is changed. Rejects with
 * a HelmError, or with a SettingsError where there is no Helm.
 */
export async function dryRun(request: PlanRequest, options: HelmOptions): Promise<DryRun> {
  const { environment, signal, progress } = options;
  const helm = helmOf(environment);
  const { failed, code, stdout, stderr, isCanceled, isTerminated } = await execa(
    helm,
    dryRunArguments(request),
    { stdin: 'inherit', ...asUser(options) },
  );
  refuseWithoutHelm(helm, code);
  if (isTerminated) await untilHeard(signal);
  if (isCanceled || isTerminated) throw new HelmError('helm was stopped', true);
  if (failed)
    throw new HelmError(stderr === '' ? `${helm} failed without a word` : stderr, outside.test(stderr));
  for (const line of stderr.split('\n')) if (line !== '') progress(line);
  const { manifest, hooks } = releaseIn(stdout);
  return { objects: objectsIn(manifest), hooks: (hooks ?? []).flatMap((hook) => objectsIn(hook.manifest)) };
}

/** Runs the user's Helm, all of whose lines are told as they come; answers its exit code. */
export async function runHelm(args: readonly string[], options: HelmOptions): Promise<number> {
  const helm = helmOf(options.environment);
  const running = execa(helm, args, { stdin: 'inherit', all: true, ...asUser(options) });
  for await (const line of running.iterable({ from: 'all' })) options.progress(line);
  const { code, exitCode = 1 } = await running;
  refuseWithoutHelm(helm, code);
  if (exitCode !== 0) await untilHeard(options.signal);
  return exitCode;
}

/** Ctrl-C in a terminal goes to Helm as well, which may end before this process has heard of it. */
async function untilHeard(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await delay(signalMilliseconds);
}

/** In the user's own environment, until the signal. */
function asUser({ environment, signal }: HelmOptions) {
  return { reject: false, cancelSignal: signal, env: environment, extendEnv: false } as const;
}

function helmOf({ HELM_BIN: chosen = '' }: NodeJS.ProcessEnv): string {
  return chosen === '' ? 'helm' : chosen;
}

function refuseWithoutHelm(helm: string, code: string | undefined): void {
  if (code !== 'ENOENT' && code !== 'EACCES') return;
  throw new SettingsError(`"${helm}" cannot be run (${code}): put Helm on the PATH, or name it in HELM_BIN`);
}

/** The objects of a manifest as a release keeps it. */
export function objectsIn(manifest: string): RenderedObject[] {
  return parseAllDocuments(manifest)
    .map((document) => document.toJS() as RenderedObject | null)
    .filter((object) => object !== null);
}

/** Helm may say something before it, such as which dependencies it updates. */
function releaseIn(output: string): HelmRelease {
  const start = output.search(/^\{/m);
  try {
    return JSON.parse(output.slice(start)) as HelmRelease;
  } catch {
    throw new HelmError('Helm gave no release: version 3.13 or later is needed', false);
  }
}
