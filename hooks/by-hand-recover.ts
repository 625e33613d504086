import packageJson from '../package.json' with { type: 'json' };
import type { AskedRecover } from './cli/commands/recover.ts';
import { recover } from './commands/recover.ts';
import { expectationOf } from './core/attestation/expectation.ts';
import type { ExitCode } from './core/exit-code.ts';
import { attest } from './io/attestation/attest.ts';
import { pinnedTo } from './io/attestation/pinned.ts';
import { systemClock } from './io/clock.ts';
import { findAccess } from './io/credentials.ts';
import { readGiven } from './io/given.ts';
import { runHelm } from './io/helm.ts';
import { readText } from './io/manifest.ts';
import { recoveryApiAt } from './io/recovery-api.ts';
import { standardTerminal } from './io/terminal.ts';
import { lookTools } from './look-tools.ts';
import { undisturbed, type Tools } from './undisturbed.ts';

/**
 * What a party gives is read, and a passphrase asked for, before anything is asked of the cluster. The report goes to stdout,
 * what is said on the way to stderr, Helm's words too.
 */
export async function recoverByHand(asked: AskedRecover, stop: AbortSignal): Promise<ExitCode> {
  let soFar = 'nothing was sent.';
  const work = async ({ output, onRetry, step, end }: Tools): Promise<ExitCode> => {
    const { env } = process;
    const { eraConfig, format, insecure, collateral } = asked;
    const { progress, result } = output;
    const terminal = standardTerminal(stop);
    const era = eraConfig === undefined ? undefined : await readText(eraConfig, stop);
    const expected = expectationOf(asked.expected, era);
    const askPassphrase = async (file: string) => (await terminal?.secret(`Passphrase of ${file}`)) ?? '';
    const given = await readGiven(asked, terminal === undefined ? undefined : askPassphrase);
    const tools = lookTools(asked, await findAccess(env, asked), { signal: stop, onRetry });
    const way = tools.reach();
    return await recover({
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
        driver: env.HELM_DRIVER ?? '',
        confirm:
          format === 'json'
            ? undefined
            : terminal &&
              (async (question) => {
                end();
                return await terminal.confirm(question);
              }),
        always: asked.goOn,
        helm: async (args) =>
          await runHelm([...args, ...helmAccess(asked)], { environment: env, signal: stop, progress }),
        say: progress,
      },
      stopped: (text) => (soFar = text),
      ...{ step, progress, result, format, programVersion: packageJson.version },
    }).finally(() => {
      way.close();
    });
  };
  return await undisturbed('recover', stop, work, () => soFar);
}

/** The same cluster, as Helm is told of it. */
function helmAccess({ kubeconfig, context }: AskedRecover): string[] {
  return [
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
    ...(context === undefined ? [] : ['--kube-context', context]),
  ];
}
