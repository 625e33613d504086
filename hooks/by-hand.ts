import packageJson from '../package.json' with { type: 'json' };
import type { AskedCheck } from './cli/commands/check-manifest.ts';
import type { AskedPlan } from './cli/commands/plan.ts';
import type { AskedRecover } from './cli/commands/recover.ts';
import type { AskedStatus } from './cli/commands/status.ts';
import { lastValue, refuseIdentityVariables } from './core/plan/request.ts';
import { ExitCode } from './core/exit-code.ts';
import { systemClock } from './io/clock.ts';
import { connect } from './io/cluster.ts';
import { findAccess, findCredentials } from './io/credentials.ts';
import { standardOutput } from './io/output.ts';
import type { Reach } from './io/reach.ts';

/*
 * The commands that a person runs, with the user's own kubeconfig. Each ends early with its signal to stop.
 */

/** How long plan asks a cluster that does not answer. */
const planMilliseconds = 60_000;

/** How long the API server and the Coordinator may take to tell the Manifest in force. */
const checkMilliseconds = 20_000;

/** The report goes to stdout whatever its format, so that it can be piped; what is said on the way to stderr. */
export async function runPlan({ request }: AskedPlan, stop: AbortSignal): Promise<ExitCode> {
  const { env } = process;
  refuseIdentityVariables(env);
  const [{ plan }, { dryRun }] = await Promise.all([import('./commands/plan.ts'), import('./io/helm.ts')]);
  const { progress, ...output } = standardOutput('json');
  const { HELM_KUBECONTEXT, HELM_DRIVER = '' } = env;
  const choice = {
    kubeconfig: lastValue(request.flags, '--kubeconfig'),
    context: lastValue(request.flags, '--kube-context') ?? HELM_KUBECONTEXT,
  };
  let way: Reach | undefined;
  const code = await plan({
    request,
    render: async () => await dryRun(request, { environment: env, signal: stop, progress }),
    connect: async () => {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(planMilliseconds)]);
      const { credentials, kubeconfig } = await findAccess(env, choice);
      const cluster = connect({ credentials, clock: systemClock, signal, onRetry: progress });
      way = (await import('./io/reach.ts')).reach(kubeconfig, undefined);
      return { cluster, coordinatorAt: way.coordinatorAt, signal };
    },
    driver: HELM_DRIVER,
    output: { ...output, progress },
    programVersion: packageJson.version,
  }).finally(() => {
    way?.close();
  });
  return stop.aborted ? ExitCode.Stopped : code;
}

/** A person waits for the answer, who can ask again. */
export async function checkManifest(asked: AskedCheck, stop: AbortSignal): Promise<ExitCode> {
  const output = standardOutput(asked.format);
  const connection = async () => {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(checkMilliseconds)]);
    const credentials = await findCredentials(process.env);
    return connect({ credentials, clock: systemClock, signal, onRetry: () => undefined });
  };
  const { checkManifestFile } = await import('./commands/check-manifest.ts');
  const { fromCoordinator, namespace } = asked;
  return await checkManifestFile({
    ...asked,
    coordinator: fromCoordinator ? { namespace, cluster: await connection() } : undefined,
    programVersion: packageJson.version,
    output,
  });
}

/** Inside a cluster, and with `--coordinator`, the Coordinator is asked directly; from elsewhere through the API server. */
export async function showStatus(asked: AskedStatus, stop: AbortSignal): Promise<ExitCode> {
  const { format, release, watch, intervalSeconds, coordinator } = asked;
  const access = await findAccess(process.env, asked);
  const [{ status }, { reach }, { standardScreen }] = await Promise.all([
    import('./commands/status.ts'),
    import('./io/reach.ts'),
    import('./io/screen.ts'),
  ]);
  const screen = standardScreen(process.env, watch && format === 'text');
  return await status({
    place: { namespace: asked.namespace ?? access.namespace ?? 'default', release },
    connect: (signal) =>
      connect({
        credentials: access.credentials,
        clock: systemClock,
        signal,
        onRetry: (problem) => {
          screen.note(problem);
        },
      }),
    reach: () => reach(access.kubeconfig, coordinator),
    screen,
    clock: systemClock,
    format,
    repeatMilliseconds: watch ? intervalSeconds * 1000 : undefined,
    signal: stop,
    programVersion: packageJson.version,
  });
}

/**
 * What a party gives is read, and a passphrase asked for, before anything is asked of the cluster. The report goes to stdout,
 * what is said on the way to stderr.
 */
export async function recoverByHand(asked: AskedRecover, stop: AbortSignal): Promise<ExitCode> {
  const { env } = process;
  const { release, coordinator, eraConfig, format, insecure, collateral } = asked;
  const [{ recover }, { standardTerminal }, { readGiven }] = await Promise.all([
    import('./commands/recover.ts'),
    import('./io/terminal.ts'),
    import('./io/given.ts'),
  ]);
  const [{ reach }, { attest }, { pinnedTo }, { recoveryApiAt }] = await Promise.all([
    import('./io/reach.ts'),
    import('./io/attestation/attest.ts'),
    import('./io/attestation/pinned.ts'),
    import('./io/recovery-api.ts'),
  ]);
  const [{ expectationOf }, { readText }, { runHelm }] = await Promise.all([
    import('./core/attestation/expectation.ts'),
    import('./io/manifest.ts'),
    import('./io/helm.ts'),
  ]);
  const terminal = standardTerminal(stop);
  const era = eraConfig === undefined ? undefined : await readText(eraConfig);
  const expected = expectationOf(asked.expected, era);
  const askPassphrase = async (file: string) => (await terminal?.secret(`Passphrase of ${file}`)) ?? '';
  const output = standardOutput('json');
  const { progress } = output;
  const given = await readGiven(asked, terminal === undefined ? undefined : askPassphrase).catch(
    (error: unknown) => {
      if (!stop.aborted) throw error;
      return undefined;
    },
  );
  if (given === undefined) {
    progress('\nStopped; nothing was sent.');
    return ExitCode.Stopped;
  }
  const access = await findAccess(env, asked);
  const connection = (signal: AbortSignal) =>
    connect({ credentials: access.credentials, clock: systemClock, signal, onRetry: progress });
  const way = reach(access.kubeconfig, coordinator);
  const code = await recover({
    place: { namespace: asked.namespace ?? access.namespace ?? 'default', release },
    connect: connection,
    reach: () => reach(access.kubeconfig, coordinator),
    given,
    vouch: async (pod, podUrl) => {
      const { url, agent } = way.connectionTo(podUrl, pod);
      const vouched = await attest({
        ...{ url, agent, expected, insecure, collateral, clock: systemClock, signal: stop },
      });
      if (!vouched.ok) return vouched;
      const held = { agent, rejectUnauthorized: false, peer: pinnedTo(vouched.root) };
      return { ...vouched, api: recoveryApiAt(url, held) };
    },
    rollout: {
      cluster: () => connection(stop),
      confirm: format === 'json' ? undefined : terminal?.confirm,
      always: asked.goOn,
      helm: async (args) =>
        await runHelm([...args, ...helmAccess(asked)], { environment: env, signal: stop }),
      say: progress,
    },
    result: (text) => {
      output.result(text);
    },
    ...{ progress, format, clock: systemClock, signal: stop, programVersion: packageJson.version },
  }).finally(() => {
    way.close();
  });
  return stop.aborted ? ExitCode.Stopped : code;
}

/** The same cluster, as Helm is told of it. */
function helmAccess({ kubeconfig, context }: AskedRecover): string[] {
  return [
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
    ...(context === undefined ? [] : ['--kube-context', context]),
  ];
}
