import type { Finding } from '../core/findings.ts';
import { valueOf, valuesOf } from '../core/known.ts';
import type { Pod } from '../core/objects.ts';
import { recoveryFindings } from '../core/recovery/conclusion.ts';
import { recoveryObstacle } from '../core/recovery/missing.ts';
import { cannotRecover, noSimulation, notAttested, notNeeded } from '../core/recovery/not-begun.ts';
import { namesByDigest } from '../core/recovery/parties.ts';
import { nothingYet, saidSoFar, type SoFar } from '../core/recovery/so-far.ts';
import { match, titleOf, type Given, type Uploadable } from '../core/recovery/uploadable.ts';
import { whoRecovers, type RecoveryTarget } from '../core/recovery/commands.ts';
import { releaseOf } from '../core/releases.ts';
import { ExitCode } from '../core/exit-code.ts';
import { exitCodeOf, outcomeOf, renderJson, renderText, type Report } from '../core/report.ts';
import { SettingsError } from '../core/settings.ts';
import { CoordinatorState } from '../core/states.ts';
import { sceneOf, type StatusFacts } from '../core/status-view/facts.ts';
import { recoveryTargetIn, speakerOf } from '../core/watch/scene.ts';
import { askPods, clientUrl } from '../io/gather/coordinator.ts';
import type { RecoveryApi } from '../io/recovery-api.ts';
import { waitFor } from '../io/wait.ts';
import { within } from '../io/within.ts';
import { failureReport, isExpected } from './failure.ts';
import { lookOnce, type LookTools } from './look.ts';
import { offerToContinue, type ContinueTools } from './recover/continue.ts';
import { uploadAll, type Speech, type Uploaded } from './recover/upload.ts';

/** Whether a Coordinator is one that may be given secrets, and the API that reaches that very one. */
export type Vouched =
  | { ok: true; how: 'enclave' | 'simulation'; warnings: readonly string[]; api: RecoveryApi }
  /** `refused` by what it is, `unknown` where that could not be found out. */
  | { ok: false; because: 'refused' | 'unknown'; reasons: readonly string[] };

/** What `recover` works with. The whole outside world comes in here. */
export interface RecoverTools extends LookTools, Speech {
  given: Given;
  /** Attests the Coordinator in a pod. */
  vouch: (pod: Pod, url: string) => Promise<Vouched>;
  /** How the rollout goes on afterwards. */
  rollout: ContinueTools;
  result: (text: string) => void;
  /** Says what was done by then, where the signal ended it. */
  stopped: (soFar: string) => void;
  format: 'text' | 'json';
  programVersion: string;
}

/** How long the Coordinator may take to be there with its state, and another replica to fetch the key from it. */
const settleMilliseconds = 60_000;

/**
 * Recovers the Coordinator with the secrets that are given: attests it, uploads them, sees that the same state is back, and
 * offers to go on with the rollout that was held up. Sends nothing to a Coordinator that it cannot attest. Throws a
 * SettingsError where what is given does not fit together.
 */
export async function recover(tools: RecoverTools): Promise<ExitCode> {
  const work = new Recovery(tools);
  const code = await reported(tools, work).catch((error: unknown) => {
    if (tools.signal.aborted) return ExitCode.Stopped;
    throw error;
  });
  if (!tools.signal.aborted) return code;
  tools.stopped(saidSoFar(work.soFar));
  return ExitCode.Stopped;
}

async function reported(tools: RecoverTools, work: Recovery): Promise<ExitCode> {
  const report = await work.run().catch((error: unknown) => {
    if (tools.signal.aborted || !isExpected(error)) throw error;
    return failureReport('recover', tools.programVersion, error, work.actions);
  });
  tools.result(tools.format === 'json' ? renderJson(report) : renderText(report));
  if (report.outcome !== 'passed' || work.actions.length === 0) return exitCodeOf(report.outcome);
  work.soFar = { ...work.soFar, recovered: true };
  tools.step('Asking whether a rollout waits for it');
  return await offerToContinue(
    {
      ...tools.rollout,
      helm: async (args) => {
        work.soFar = { ...work.soFar, helm: args.join(' ') };
        tools.step(`helm ${args.join(' ')}`);
        return await tools.rollout.helm(args);
      },
    },
    { release: work.release, namespace: tools.place.namespace },
  );
}

class Recovery {
  /** What was done, one sentence each. */
  readonly actions: string[] = [];
  /** The name of the Helm release, once it was looked at. */
  release = '';
  soFar: SoFar = nothingYet;
  readonly #tools: RecoverTools;
  readonly #said: Report['facts'] = [];

  constructor(tools: RecoverTools) {
    this.#tools = tools;
  }

  async run(): Promise<Report> {
    this.#tools.step('Asking the cluster and the Coordinator');
    const facts = await lookOnce(this.#tools);
    const { namespace, release } = facts;
    this.release = release;
    const target = recoveryTargetIn(sceneOf(facts));
    const pod = speakerOf(facts)?.pod;
    this.#say('Release', `${release} in ${namespace}, Coordinator ${target.version}`);
    if (pod === undefined || !needsRecovery(facts)) return this.#report([notNeeded(facts)]);
    this.#say('Pod', `${pod.metadata.name} on ${pod.spec.nodeName ?? 'no node'}`);
    this.#say('Takes', `the recovery secret of ${whoRecovers(target.keys)}`);
    const obstacle = recoveryObstacle(target.version, target.keys);
    if (obstacle !== undefined) return this.#report([cannotRecover(pod, obstacle)]);
    const uploads = this.#uploads(target);
    const vouched = await this.#vouch(pod, facts.clientPort);
    if (!vouched.ok) return this.#report([notAttested(pod, vouched.reasons)], vouched.because);
    if (vouched.how === 'simulation' && !target.simulation)
      return this.#report([notAttested(pod, [noSimulation])]);
    this.#say('Attested', [vouched.how, ...vouched.warnings].join('; '));
    const uploaded = await this.#upload(vouched.api, uploads);
    this.#tools.signal.throwIfAborted();
    const after = uploaded.remaining === 0 ? await this.#settled(facts) : await lookOnce(this.#tools);
    const run = {
      ...{ release, namespace, version: target.version, pod: target.pod, keys: target.keys },
      taken: uploaded.taken.map(({ party }) => party),
      remaining: uploaded.remaining,
      refused: uploaded.refused,
      broken: uploaded.broken,
      unanswered: titleIn(uploaded.unanswered),
    };
    return this.#report(recoveryFindings(run, after));
  }

  #say(name: string, value: string): void {
    this.#said.push({ name, value });
  }

  #uploads({ version, keys }: RecoveryTarget): Uploadable[] {
    const { uploads, problems } = match(this.#tools.given, namesByDigest(keys));
    const signs = releaseOf(version).recoveryApi === 'v2-signed';
    const unsigned = uploads.filter(({ signature }) => signs && signature === undefined);
    const all = [
      ...problems,
      ...unsigned.map(
        ({ file }) =>
          `${file} is not signed: give the private key with --key, or a signature with --signature`,
      ),
    ];
    if (all.length > 0) throw new SettingsError(all.join('\n'));
    return uploads;
  }

  async #vouch(pod: Pod, clientPort: number): Promise<Vouched> {
    const { vouch, step } = this.#tools;
    step(`Attesting the Coordinator in pod/${pod.metadata.name}`);
    return await vouch(pod, clientUrl(pod, clientPort) ?? '');
  }

  async #upload(api: RecoveryApi, uploads: readonly Uploadable[]): Promise<Uploaded> {
    const uploaded = await uploadAll(api, uploads, this.#tools.signal, this.#tools);
    for (const { secret } of uploads) secret.fill(0);
    this.soFar = { ...this.soFar, ...uploadedSoFar(uploads, uploaded) };
    for (const each of uploaded.taken) this.actions.push(`Uploaded the secret of ${titleOf(each)}.`);
    for (const each of uploaded.spare) this.#say('Not needed', `the secret of ${titleOf(each)}`);
    return uploaded;
  }

  /** Waits until the Coordinator is there with its state, each of its pods; answers a look in any case. */
  async #settled({ pods, clientPort }: StatusFacts): Promise<StatusFacts> {
    const { clock, step, reach, signal } = this.#tools;
    step('Waiting until the Coordinator has opened its state');
    const way = reach();
    await within(settleMilliseconds, signal, async (bounded) => {
      const look = async () => {
        const sources = { coordinatorAt: way.coordinatorAt, signal: bounded };
        const answers = await askPods(sources, valueOf(pods) ?? [], clientPort);
        const states = new Set(valuesOf(answers).map(({ coordinator }) => coordinator.state));
        const settled = states.size === 1 && !states.has(CoordinatorState.Recovery);
        if (settled) return { done: true as const, value: undefined };
        return { done: false as const, message: 'it opens its state' };
      };
      await waitFor({ clock, signal: bounded, progress: () => undefined }, 'The Coordinator', look).catch(
        (error: unknown) => {
          if (!isExpected(error)) throw error;
        },
      );
    }).finally(() => {
      way.close();
    });
    return await lookOnce(this.#tools);
  }

  #report(findings: readonly Finding[], because?: 'refused' | 'unknown'): Report {
    const outcome = because === 'unknown' ? 'unknown' : outcomeOf(findings);
    return {
      ...{ schemaVersion: 1, command: 'recover', programVersion: this.#tools.programVersion },
      outcome,
      facts: this.#said,
      findings: [...findings],
      actions: this.actions,
    };
  }
}

/** One that waits for another of its kind fetches the key from that by itself. */
function needsRecovery({ answers }: StatusFacts): boolean {
  const states = valuesOf(answers).map(({ coordinator }) => coordinator.state);
  return states.includes(CoordinatorState.Recovery) && !states.includes(CoordinatorState.AcceptingMarbles);
}

function uploadedSoFar(all: readonly Uploadable[], { taken, unanswered, refused, spare }: Uploaded) {
  const titles = [...taken, ...spare].map(titleOf);
  const answered = [...titles, ...refused.map(({ title }) => title), titleIn(unanswered)];
  return {
    taken: taken.map(titleOf),
    unanswered: titleIn(unanswered),
    unsent: all.map(titleOf).filter((title) => !answered.includes(title)),
  };
}

function titleIn(upload: Uploadable | undefined): string | undefined {
  return upload === undefined ? undefined : titleOf(upload);
}
