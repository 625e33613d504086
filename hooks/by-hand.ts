import packageJson from '../package.json' with { type: 'json' };
import type { AskedCheck } from './cli/commands/check-manifest.ts';
import type { AskedPlan } from './cli/commands/plan.ts';
import type { AskedStatus } from './cli/commands/status.ts';
import type { AskedCoordinator } from './commands/check-manifest.ts';
import { lastValue, refuseIdentityVariables } from './core/plan/request.ts';
import { ExitCode } from './core/exit-code.ts';
import { systemClock } from './io/clock.ts';
import { connect } from './io/cluster.ts';
import { findAccess } from './io/credentials.ts';
import type { Reach } from './io/reach.ts';
import type { Screen } from './io/screen.ts';
import { undisturbed } from './undisturbed.ts';

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
  const { HELM_KUBECONTEXT, HELM_DRIVER = '' } = env;
  const choice = {
    kubeconfig: lastValue(request.flags, '--kubeconfig'),
    context: lastValue(request.flags, '--kube-context') ?? HELM_KUBECONTEXT,
  };
  return await undisturbed('plan', stop, async ({ output, onRetry, step }) => {
    let way: Reach | undefined;
    // All that is loaded for it, while Helm works; what is wrong with it is said once it is needed.
    const access = Promise.all([findAccess(env, choice), import('./io/reach.ts')]);
    access.catch(() => undefined);
    return await plan({
      request,
      render: async () =>
        await dryRun(request, { environment: env, signal: stop, progress: output.progress }),
      connect: async () => {
        const signal = AbortSignal.any([stop, AbortSignal.timeout(planMilliseconds)]);
        const [{ credentials, kubeconfig }, { reach }] = await access;
        const cluster = connect({ credentials, clock: systemClock, signal, onRetry });
        way = reach(kubeconfig, undefined);
        return { cluster, coordinatorAt: way.coordinatorAt, signal };
      },
      driver: HELM_DRIVER,
      output,
      step,
      programVersion: packageJson.version,
    }).finally(() => {
      way?.close();
    });
  });
}

/** A person waits for the answer, who can ask again. */
export async function checkManifest(asked: AskedCheck, stop: AbortSignal): Promise<ExitCode> {
  const [{ checkManifestFile }, { reach }] = await Promise.all([
    import('./commands/check-manifest.ts'),
    import('./io/reach.ts'),
  ]);
  return await undisturbed('check-manifest', stop, async ({ output, onRetry, step }) => {
    const check = async (coordinator: AskedCoordinator | undefined) =>
      await checkManifestFile({
        ...asked,
        coordinator,
        programVersion: packageJson.version,
        output,
        signal: stop,
      });
    if (!asked.fromCoordinator) return await check(undefined);
    step('Asking the Coordinator for the Manifest in force');
    const { credentials, kubeconfig, namespace = 'default' } = await findAccess(process.env, asked);
    const signal = AbortSignal.any([stop, AbortSignal.timeout(checkMilliseconds)]);
    const way = reach(kubeconfig, undefined);
    return await check({
      namespace: asked.namespace ?? namespace,
      cluster: connect({ credentials, clock: systemClock, signal, onRetry }),
      reach: way,
      signal,
    }).finally(() => {
      way.close();
    });
  });
}

/** Inside a cluster, and with `--coordinator`, the Coordinator is asked directly; from elsewhere through the API server. */
export async function showStatus(asked: AskedStatus, stop: AbortSignal): Promise<ExitCode> {
  const { format, watch, intervalSeconds } = asked;
  const access = await findAccess(process.env, asked);
  const [{ status }, { lookTools }, { standardScreen }] = await Promise.all([
    import('./commands/status.ts'),
    import('./look-tools.ts'),
    import('./io/screen.ts'),
  ]);
  const look = async (screen: Screen): Promise<ExitCode> =>
    await status({
      ...lookTools(asked, access, { signal: stop, onRetry: screen.note }),
      screen,
      format,
      repeatMilliseconds: watch ? intervalSeconds * 1000 : undefined,
      programVersion: packageJson.version,
    });
  const screen = standardScreen(watch && format === 'text');
  if (watch) return await look(screen);
  return await undisturbed('status', stop, async ({ output, onRetry, step }) => {
    step('Asking the cluster and the Coordinator');
    return await look({ ...screen, show: output.result, note: onRetry });
  });
}
