import packageJson from '../package.json' with { type: 'json' };
import type { AskedCopy } from './cli/commands/copy-sealed-state.ts';
import type { AskedPut } from './cli/commands/put-sealed-state.ts';
import type { AskedWatch } from './cli/commands/watch.ts';
import type { AskedHook } from './cli/hook.ts';
import type { CopyOptions } from './commands/copy-sealed-state.ts';
import { failureReport, isExpected } from './commands/failure.ts';
import { publish, type Session } from './commands/session.ts';
import type { AnchorTools } from './commands/watch/anchor.ts';
import { ExitCode } from './core/exit-code.ts';
import { systemClock } from './io/clock.ts';
import { connect } from './io/cluster.ts';
import { coordinatorAt } from './io/coordinator.ts';
import { findCredentials, type Credentials } from './io/credentials.ts';
import { collectEarly, withoutCompilers } from './io/frugal.ts';
import { listenerAt } from './io/listener.ts';
import { standardOutput } from './io/output.ts';
import { readHookFiles } from './io/settings.ts';

/*
 * The commands that the chart runs, with the rights of their pods.
 */

/** How long an Event may take when the deadline has passed already. */
const lastWordMilliseconds = 5000;

/** How long the API server may keep the copy of the sealed state waiting: preflight waits for that no longer than a minute. */
const backupMilliseconds = 20_000;

/** How long `test` waits at most for a Coordinator that has not settled. */
const testSeconds = 60;

/**
 * Runs a hook; an API server, a right or a Deployment that fails it is a report like any other. A hook that is stopped
 * ends as a stopped process does, so that its Job starts it again.
 */
export async function runHook(asked: AskedHook, stop: AbortSignal): Promise<ExitCode> {
  withoutCompilers('opt', 'maglev');
  collectEarly();
  const session = await openSession(asked, stop);
  const work = await workOf(asked.command);
  const code = await work(session).catch(async (error: unknown) => {
    if (!isExpected(error)) throw error;
    const report = failureReport(asked.command, packageJson.version, error, session.done);
    return await publish(session, report, undefined);
  });
  return stop.aborted && code !== ExitCode.Fine ? ExitCode.Stopped : code;
}

/** Each command is loaded alone: how soon a hook asks its first question is how it feels. */
async function workOf(command: AskedHook['command']): Promise<(session: Session) => Promise<ExitCode>> {
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
export async function watchAndHold(asked: AskedWatch, stop: AbortSignal): Promise<ExitCode> {
  const { coordinator, intervalSeconds, deployment, holdSeconds, limits } = asked;
  withoutCompilers('opt', 'maglev', 'sparkplug');
  const output = standardOutput('text');
  const { watch } = await import('./commands/watch.ts');
  await watch({
    coordinator: coordinatorAt(coordinator.replace(/\/$/, '')),
    intervalMilliseconds: intervalSeconds * 1000,
    limits,
    clock: systemClock,
    output,
    signal: stop,
    anchor: deployment === '' ? undefined : anchorTools(asked, stop),
  });
  if (deployment === '') return ExitCode.Fine;
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
  return ExitCode.Fine;
}

function anchorTools({ coordinator, deployment, readyPort }: AskedWatch, stop: AbortSignal): AnchorTools {
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
    signal: stop,
  };
}

/** Copies the sealed state, as the pod that preflight starts does. */
export async function copySealedState(asked: AskedCopy, stop: AbortSignal): Promise<ExitCode> {
  const { copySealedState: copy } = await import('./commands/copy-sealed-state.ts');
  return await copy(await copyOptions(asked, stop));
}

/** Puts a copy back, as a Job of the chart's CronJob does; what it has begun it ends. */
export async function putBack(asked: AskedPut): Promise<ExitCode> {
  const { putBack: put } = await import('./commands/put-sealed-state.ts');
  return await put({ ...asked, clock: systemClock, output: standardOutput('text') });
}

async function copyOptions(asked: AskedCopy, stop: AbortSignal): Promise<CopyOptions> {
  const output = standardOutput('json');
  const signal = AbortSignal.any([stop, AbortSignal.timeout(backupMilliseconds)]);
  const credentials = await findCredentials(process.env);
  return {
    ...asked,
    namespace: process.env.POD_NAMESPACE ?? 'default',
    cluster: connect({ credentials, clock: systemClock, signal, onRetry: output.progress }),
    clock: systemClock,
    output,
  };
}

async function openSession(asked: AskedHook, stop: AbortSignal): Promise<Session> {
  const { format } = asked;
  const files = await readHookFiles(asked.config);
  const { hooks, rollout } = files.settings;
  const detached = asked.command === 'rollout' && asked.detached;
  // The ServiceAccount that copies the sealed state is there for the length of a hook only. By hand there is none.
  if (process.env.JOB_NAME === undefined) files.settings.backup.enabled = false;
  const output = standardOutput(format);
  const seconds = detached ? rollout.detachedDeadlineSeconds : hooks.deadlineSeconds;
  // Who tests a release waits for the answer, and it has settled.
  const deadline = AbortSignal.timeout(
    (asked.command === 'test' ? Math.min(seconds, testSeconds) : seconds) * 1000,
  );
  const signal = AbortSignal.any([stop, deadline]);
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
