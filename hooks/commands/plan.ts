import type { PreflightFacts } from '../core/facts.ts';
import { known, valueOf } from '../core/known.ts';
import { previewMarbles } from '../core/marbles/preview.ts';
import type { RenderedObject } from '../core/plan/changes.ts';
import { helmRemedy } from '../core/plan/helm-refusal.ts';
import { renderPlanMarkdown } from '../core/plan/markdown.ts';
import { preflightActor } from '../core/plan/actor.ts';
import { makePlan, type Plan } from '../core/plan/plan.ts';
import type { PlanFormat, PlanRequest } from '../core/plan/request.ts';
import { renderPlanText } from '../core/plan/text.ts';
import { ExitCode } from '../core/exit-code.ts';
import { exitCodeOf } from '../core/report.ts';
import { SettingsError } from '../core/settings.ts';
import { ClusterError } from '../io/cluster-error.ts';
import { gatherDeployed } from '../io/gather/deployed.ts';
import { gatherPreflight } from '../io/gather/preflight.ts';
import type { Sources } from '../io/gather/sources.ts';
import { gatherTimings } from '../io/gather/timings.ts';
import { HelmError, type DryRun } from '../io/helm.ts';
import type { Output } from '../io/output.ts';
import { renderedHookFiles } from '../io/settings.ts';
import { DeadlineError } from '../io/wait.ts';
import { reportFacts } from './preflight-conclusion.ts';

/** What `plan` works with. */
export interface PlanOptions {
  request: PlanRequest;
  /** What Helm would apply. */
  render: () => Promise<DryRun>;
  /** The cluster as the user's kubeconfig has it, once Helm has answered. */
  connect: () => Promise<Sources>;
  /** Where Helm keeps its releases: HELM_DRIVER. */
  driver: string;
  output: Output;
  /** Names what is done from now on. */
  step: (line: string) => void;
  programVersion: string;
}

/**
 * Says what an upgrade would do: renders it as Helm would, and judges it by preflight's own facts and checks. It asks and never
 * changes anything.
 */
export async function plan(options: PlanOptions): Promise<ExitCode> {
  const { output, request } = options;
  try {
    const made = await makeFrom(options);
    output.result(formats[request.format](made));
    return exitCodeOf(made.outcome);
  } catch (error) {
    const ending = endOf(error, request);
    if (ending === undefined) throw error;
    output.progress(ending.text);
    return ending.code;
  }
}

const formats: Readonly<Record<PlanFormat, (plan: Plan) => string>> = {
  text: renderPlanText,
  json: (made) => JSON.stringify(made),
  markdown: renderPlanMarkdown,
};

async function makeFrom(options: PlanOptions): Promise<Plan> {
  const { request, step, programVersion } = options;
  step('Asking Helm what it would apply');
  const { objects, hooks } = await options.render();
  const files = await renderedHookFiles(preflightFiles(hooks, request.chart));
  const { settings } = files;
  step('Asking the cluster what preflight asks it');
  const sources = await options.connect();
  const { cluster } = sources;
  const [facts, deployed] = await Promise.all([
    gatherPreflight(sources, files, preflightActor(hooks)),
    gatherDeployed(cluster, settings.release, options.driver),
  ]);
  const hookSeconds = valueOf(deployed)?.hookSeconds;
  const timings = await gatherTimings(cluster, {
    namespace: settings.release.namespace,
    coordinator: facts.pods[0],
    marbles: restarting(facts),
    namespaces: settings.rollout.namespaces,
  });
  return makePlan({
    request,
    facts,
    lines: reportFacts(facts),
    rendering: { objects, deployed: deployed.known ? known(deployed.value?.objects ?? []) : deployed },
    timings: {
      ...timings,
      preflight: hookSeconds?.get(nameOfJob(hooks, '-preflight')),
      rollout: hookSeconds?.get(nameOfJob(hooks, '-rollout')),
    },
    programVersion,
  });
}

function restarting(facts: PreflightFacts) {
  const decisions = previewMarbles(facts)?.decisions ?? [];
  return decisions.filter(({ action }) => action === 'restart').map(({ workload }) => workload);
}

/** The files that Helm would give preflight. */
function preflightFiles(hooks: readonly RenderedObject[], chart: string): Record<string, string> {
  for (const hook of hooks) {
    const { data } = hook as { data?: Record<string, string> };
    if (hook.metadata.name.endsWith('-preflight') && data?.['settings.json'] !== undefined) return data;
  }
  throw new SettingsError(
    `${chart} renders no preflight hook: it is another chart, or hooks.enabled or hooks.preflight.enabled is false. plan says what that hook would say; render it with --set hooks.enabled=true,hooks.preflight.enabled=true`,
  );
}

function nameOfJob(hooks: readonly RenderedObject[], end: string): string {
  const job = hooks.find(({ kind, metadata }) => kind === 'Job' && metadata.name.endsWith(end));
  return job?.metadata.name ?? '';
}

/** What ended it, where that is nothing that is wrong with this program. */
function endOf(error: unknown, request: PlanRequest): { text: string; code: ExitCode } | undefined {
  if (error instanceof HelmError) {
    const remedy = helmRemedy(error.message, request);
    const text = remedy === undefined ? error.message : `${error.message}\n${remedy}`;
    return { text, code: error.outside ? ExitCode.Unknown : ExitCode.Usage };
  }
  if (error instanceof ClusterError) {
    const denied = error.kind === 'forbidden' || error.kind === 'unauthorized';
    const remedy = denied
      ? 'Use a kubeconfig whose user may read it; docs/plan.md lists what plan reads.'
      : 'When the API server answers, ask again.';
    return { text: `marblerun-hooks plan: ${error.message}\n${remedy}`, code: ExitCode.Unknown };
  }
  if (error instanceof DeadlineError) {
    return { text: `marblerun-hooks plan: ${error.message}`, code: ExitCode.Unknown };
  }
  return undefined;
}
