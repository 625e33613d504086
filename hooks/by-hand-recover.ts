import packageJson from '../package.json' with { type: 'json' };
import type { AskedRecover } from './cli/commands/recover.ts';
import { recover } from './commands/recover.ts';
import { expectationOf } from './core/attestation/expectation.ts';
import { ExitCode } from './core/exit-code.ts';
import { attest } from './io/attestation/attest.ts';
import { pinnedTo } from './io/attestation/pinned.ts';
import { systemClock } from './io/clock.ts';
import { findAccess } from './io/credentials.ts';
import { readGiven } from './io/given.ts';
import { runHelm } from './io/helm.ts';
import { readText } from './io/manifest.ts';
import { standardOutput } from './io/output.ts';
import { paintSeverities } from './io/paint.ts';
import { recoveryApiAt } from './io/recovery-api.ts';
import { standardTerminal } from './io/terminal.ts';
import { lookTools } from './look-tools.ts';

/**
 * What a party gives is read, and a passphrase asked for, before anything is asked of the cluster. The report goes to stdout,
 * what is said on the way to stderr.
 */
export async function recoverByHand(asked: AskedRecover, stop: AbortSignal): Promise<ExitCode> {
  const { env } = process;
  const { eraConfig, format, insecure, collateral } = asked;
  const terminal = standardTerminal(stop);
  const era = eraConfig === undefined ? undefined : await readText(eraConfig, stop);
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
  const tools = lookTools(asked, await findAccess(env, asked), { signal: stop, onRetry: progress });
  const way = tools.reach();
  const code = await recover({
    ...tools,
    given,
    vouch: async (pod, podUrl) => {
      const api = way.connectionTo(podUrl, pod);
      const expectation = { expected, insecure, collateral };
      const vouched = await attest({ ...api, ...expectation, clock: systemClock, signal: stop });
      if (!vouched.ok) return vouched;
      const held = { agent: api.agent, rejectUnauthorized: false, peer: pinnedTo(vouched.root) };
      return { ...vouched, api: recoveryApiAt(api.url, held) };
    },
    rollout: {
      cluster: () => tools.connect(stop),
      confirm: format === 'json' ? undefined : terminal?.confirm,
      always: asked.goOn,
      helm: async (args) =>
        await runHelm([...args, ...helmAccess(asked)], { environment: env, signal: stop }),
      say: progress,
    },
    result: (text) => {
      output.result(paintSeverities(text, process.stdout));
    },
    ...{ progress, format, programVersion: packageJson.version },
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
