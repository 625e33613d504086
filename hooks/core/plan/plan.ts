import type { PreflightFacts } from '../facts.ts';
import { blocks, type Finding } from '../findings.ts';
import type { Known } from '../known.ts';
import { workloadName } from '../marbles/workload.ts';
import type { Deployment } from '../objects.ts';
import { placementVerdict } from '../placement/verdict.ts';
import { preflightFindings } from '../preflight.ts';
import { outcomeOf, type Outcome, type ReportFact } from '../report.ts';
import { preflightWould } from './actions.ts';
import { objectChanges, type ObjectChange, type RenderedObject } from './changes.ts';
import { upgradeCommand } from './command.ts';
import { estimate, estimateText, type Timings } from './estimate.ts';
import { hints, type Hint } from './hints.ts';
import { plannedMarbles, type PlannedMarbles } from './marbles.ts';
import { nodeTable, type NodeRow } from './nodes.ts';
import type { PlanRequest } from './request.ts';
import { coordinatorRestart, type CoordinatorRestart } from './restart.ts';

/** What Helm said it would apply, and what the release consists of until then. */
export interface Rendering {
  objects: readonly RenderedObject[];
  /** The objects of the deployed release; empty before the first install. */
  deployed: Known<readonly RenderedObject[]>;
}

/** What an upgrade would do (schemas/plan.schema.json). */
export interface Plan {
  schemaVersion: 1;
  command: 'plan';
  programVersion: string;
  outcome: Outcome;
  release: { name: string; namespace: string; revision: number; chart: string; chartVersion: string };
  facts: ReportFact[];
  findings: Finding[];
  placement: { verdict: string; nodes: NodeRow[] };
  coordinator: CoordinatorRestart;
  changes: { known: boolean; why?: string; objects: ObjectChange[] };
  /** What preflight would do before Helm applies the objects; empty where it would refuse. */
  preflightWould: string[];
  /** Absent where it cannot be told which Marbles restart. */
  marbles?: PlannedWaves;
  time: { seconds: number; text: string };
  hints: Hint[];
  next: { command: string; hidesSecrets: boolean; acknowledge: string[] };
}

/** The roll as a report has it. */
export interface PlannedWaves extends Pick<PlannedMarbles, 'leftAlone' | 'kept'> {
  maxConcurrent: number;
  waves: { wave: number; restarts: { workload: string; pods: number; reason: string }[] }[];
}

export interface PlanInput {
  request: PlanRequest;
  facts: PreflightFacts;
  /** What preflight says it looked at. */
  lines: ReportFact[];
  rendering: Rendering;
  timings: Timings;
  programVersion: string;
}

/** Puts everything together; the same facts and checks as preflight's, and nothing is done. */
export function makePlan({ request, facts, lines, rendering, timings, programVersion }: PlanInput): Plan {
  const { settings } = facts;
  const { release, chart, rollout } = settings;
  const findings = preflightFindings(facts);
  const outcome = outcomeOf(findings);
  const [before, target = facts.target] = coordinatorsOf(rendering, facts);
  const restart = coordinatorRestart({ ...facts, target }, before);
  const marbles = plannedMarbles(facts, restart);
  const guess = estimate(settings, restart, marbles, timings);
  const tokens = findings.filter(blocks).flatMap(({ token }) => (token === undefined ? [] : [token]));
  const { deployed, objects } = rendering;
  return {
    schemaVersion: 1,
    command: 'plan',
    programVersion,
    outcome,
    release: { ...release, chart: chart.name, chartVersion: chart.version },
    facts: lines,
    findings,
    placement: { verdict: placementVerdict(facts).kind, nodes: nodeTable(facts) },
    coordinator: restart,
    changes: deployed.known
      ? { known: true, objects: objectChanges(deployed.value, objects) }
      : { known: false, why: deployed.why, objects: [] },
    preflightWould: outcome === 'passed' ? preflightWould(facts) : [],
    ...(marbles === undefined ? {} : { marbles: waves(marbles, rollout.maxConcurrent) }),
    time: { seconds: guess.seconds, text: estimateText(guess) },
    hints: hints(request, { settings, findings, estimate: guess }),
    next: {
      ...upgradeCommand(request, { install: release.revision === 1, acknowledge: [] }),
      acknowledge: tokens.length === 0 ? [] : [...new Set([...settings.hooks.acknowledge, ...tokens])],
    },
  };
}

/**
 * The Coordinator's Deployment as the deployed release has it, and as Helm would apply it. The copy that hooks get has digests in the
 * place of what may be secrets, each of which would pass for a change.
 */
function coordinatorsOf(
  { deployed, objects }: Rendering,
  { settings }: PreflightFacts,
): (Deployment | undefined)[] {
  return [deployed.known ? deployed.value : [], objects].map(
    (all) =>
      all.find(
        ({ kind, metadata }) => kind === 'Deployment' && metadata.name === settings.coordinator.deployment,
      ) as Deployment | undefined,
  );
}

function waves({ waves: planned, leftAlone, kept }: PlannedMarbles, maxConcurrent: number): PlannedWaves {
  return {
    maxConcurrent,
    waves: planned.map(({ wave, restarts }) => ({
      wave,
      restarts: restarts.map(({ workload, reason }) => {
        return { workload: workloadName(workload), pods: workload.replicas, reason };
      }),
    })),
    leftAlone,
    kept,
  };
}
