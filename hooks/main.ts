#!/usr/bin/env node
import packageJson from '../package.json' with { type: 'json' };
import { readArguments, type Invocation } from './arguments.ts';
import type { BackupOptions } from './commands/backup.ts';
import { failureReport, isExpected } from './commands/failure.ts';
import { publish, type Session } from './commands/session.ts';
import type { AnchorTools } from './commands/watch/anchor.ts';
import { ExitCode } from './core/report.ts';
import { SettingsError } from './core/settings.ts';
import { help, planHelp } from './help.ts';
import { systemClock } from './io/clock.ts';
import { connect } from './io/cluster.ts';
import { coordinatorAt } from './io/coordinator.ts';
import { findCredentials, type Credentials } from './io/credentials.ts';
import { collectEarly, withoutCompilers } from './io/frugal.ts';
import { listenerAt } from './io/listener.ts';
import { standardOutput } from './io/output.ts';
import { readHookFiles } from './io/settings.ts';

/** How long an Event may take when the deadline has passed already. */
const lastWordMilliseconds = 5000;

/** How long the API server may keep the copy of the sealed state waiting: preflight waits for that no longer than a minute. */
const backupMilliseconds = 20_000;

/** How long `test` waits at most for a Coordinator that has not settled. */
const testSeconds = 60;

type BackupInvocation = Extract<Invocation, { command: 'backup' }>;
type WatchInvocation = Extract<Invocation, { command: 'watch' }>;
type HookInvocation = Extract<Invocation, { command: 'preflight' | 'rollout' | 'test' }>;

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    stop.abort(new Error(`stopped by ${signal}`));
  });
}

/** Runs one command and translates whatever ends it into the documented exit codes. */
async function run(argv: readonly string[]): Promise<ExitCode> {
  try {
    return await dispatch(readArguments(argv));
  } catch (error) {
    const wrongUse = error instanceof SettingsError;
    const text = wrongUse
      ? `marblerun-hooks: ${error.message}\nSee marblerun-hooks --help.`
      : `marblerun-hooks: internal error, please report it: ${(error as Error).stack ?? String(error)}`;
    const output = standardOutput('text');
    output.terminationMessage(text);
    output.result(text);
    return wrongUse ? ExitCode.Usage : ExitCode.Unknown;
  }
}

async function dispatch(invocation: Invocation): Promise<ExitCode> {
  const { command } = invocation;
  switch (command) {
    case 'help':
      process.stdout.write(help);
      return ExitCode.Fine;
    case 'version':
      process.stdout.write(`${packageJson.version}\n`);
      return ExitCode.Fine;
    case 'watch':
      await watchAndHold(invocation);
      return ExitCode.Fine;
    case 'status':
      return await (await import('./by-hand.ts')).showStatus(invocation, stop.signal);
    case 'recover':
      return await (await import('./by-hand.ts')).recoverByHand(invocation, stop.signal);
    case 'backup':
      return await (await import('./commands/backup.ts')).backup(await backupOptions(invocation));
    case 'restore':
      return await (
        await import('./commands/restore.ts')
      ).restore({ ...invocation, clock: systemClock, output: standardOutput('text') });
    case 'plan-help':
      process.stdout.write(planHelp);
      return ExitCode.Fine;
    case 'plan':
      return await (await import('./by-hand.ts')).runPlan(invocation, stop.signal);
    case 'check-manifest':
      return await (await import('./by-hand.ts')).checkManifest(invocation, stop.signal);
    case 'preflight':
    case 'rollout':
    case 'test':
      return await runHook(invocation);
  }
}

/**
 * Runs a hook; an API server, a right or a Deployment that fails it is a report like any other. A hook that is stopped
 * ends as a stopped process does, so that its Job starts it again.
 */
async function runHook(invocation: HookInvocation): Promise<ExitCode> {
  withoutCompilers('opt', 'maglev');
  collectEarly();
  const session = await openSession(invocation);
  const work = await workOf(invocation.command);
  const code = await work(session).catch(async (error: unknown) => {
    if (!isExpected(error)) throw error;
    const report = failureReport(invocation.command, packageJson.version, error, session.done);
    return await publish(session, report, undefined);
  });
  return stop.signal.aborted && code !== ExitCode.Fine ? ExitCode.Stopped : code;
}

/** Each command is loaded alone: how soon a hook asks its first question is how it feels. */
async function workOf(command: HookInvocation['command']): Promise<(session: Session) => Promise<ExitCode>> {
  switch (command) {
    case 'preflight':
      return (await import('./commands/preflight.ts')).preflight;
    case 'rollout':
      return (await import('./commands/rollout.ts')).rollout;
    case 'test': {
      const { test } = await import('./commands/test.ts');
      return async (session) => await test(session);
    }
  }
}

/** The pin has no ServiceAccount: it only logs, and holds nothing once it is told to go. */
async function watchAndHold(invocation: WatchInvocation): Promise<void> {
  const { coordinator, intervalSeconds, deployment, holdSeconds, limits } = invocation;
  withoutCompilers('opt', 'maglev', 'sparkplug');
  const output = standardOutput('text');
  const { watch } = await import('./commands/watch.ts');
  await watch({
    coordinator: coordinatorAt(coordinator.replace(/\/$/, '')),
    intervalMilliseconds: intervalSeconds * 1000,
    limits,
    clock: systemClock,
    output,
    signal: stop.signal,
    anchor: deployment === '' ? undefined : anchorTools(invocation),
  });
  if (deployment === '') return;
  const signal = AbortSignal.timeout(holdSeconds * 1000);
  const credentials = await findCredentials(process.env);
  await (
    await import('./commands/hold-node.ts')
  ).holdNode({
    cluster: connect({ credentials, clock: systemClock, signal, onRetry: output.progress }),
    namespace: process.env.POD_NAMESPACE ?? 'default',
    deployment,
    node: process.env.NODE_NAME ?? '',
    wait: { clock: systemClock, signal, progress: output.progress },
  });
}

function anchorTools({ coordinator, deployment, readyPort }: WatchInvocation): AnchorTools {
  let credentials: Promise<Credentials> | undefined;
  const clientPort = Number(new URL(coordinator).port) || 443;
  return {
    place: { namespace: process.env.POD_NAMESPACE ?? 'default', deployment, clientPort },
    connect: async (signal) =>
      connect({
        credentials: await (credentials ??= findCredentials(process.env)),
        clock: systemClock,
        signal,
        onRetry: () => undefined,
      }),
    coordinatorAt,
    listener: listenerAt(readyPort),
    clock: systemClock,
    signal: stop.signal,
  };
}

async function backupOptions(invocation: BackupInvocation): Promise<BackupOptions> {
  const output = standardOutput('json');
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(backupMilliseconds)]);
  const credentials = await findCredentials(process.env);
  return {
    ...invocation,
    namespace: process.env.POD_NAMESPACE ?? 'default',
    cluster: connect({ credentials, clock: systemClock, signal, onRetry: output.progress }),
    clock: systemClock,
    output,
  };
}

async function openSession(invocation: HookInvocation): Promise<Session> {
  const { format } = invocation;
  const files = await readHookFiles(invocation.config);
  const { hooks, rollout } = files.settings;
  const detached = invocation.command === 'rollout' && invocation.detached;
  // The ServiceAccount that copies the sealed state is there for the length of a hook only. By hand there is none.
  if (process.env.JOB_NAME === undefined) files.settings.backup.enabled = false;
  const output = standardOutput(format);
  const seconds = detached ? rollout.detachedDeadlineSeconds : hooks.deadlineSeconds;
  // Who tests a release waits for the answer, and it has settled.
  const deadline = AbortSignal.timeout(
    (invocation.command === 'test' ? Math.min(seconds, testSeconds) : seconds) * 1000,
  );
  const signal = AbortSignal.any([stop.signal, deadline]);
  const credentials = await findCredentials(process.env);
  const connection = (until: AbortSignal) =>
    connect({ credentials, clock: systemClock, signal: until, onRetry: output.progress });
  return {
    files,
    cluster: connection(signal),
    reportingCluster: () => connection(AbortSignal.timeout(lastWordMilliseconds)),
    coordinatorAt,
    clock: systemClock,
    output,
    format,
    programVersion: packageJson.version,
    job: process.env.JOB_NAME,
    detached,
    done: [],
    signal,
  };
}

process.exitCode = await run(process.argv.slice(2));
