import { blocks, type Finding } from '../findings.ts';
import { quoted } from '../lost/helm-flag.ts';
import { renderFindings } from '../report.ts';
import { changeText } from './changes.ts';
import type { NodeRow } from './nodes.ts';
import type { Plan } from './plan.ts';

/** The plan for a terminal: what was looked at, what was found, what would happen, and the verdict and the command last. */
export function renderPlanText(plan: Plan): string {
  const width = Math.max(0, ...plan.facts.map(({ name }) => name.length));
  return [
    title(plan),
    ...plan.facts.map(({ name, value }) => `  ${name.padEnd(width)}  ${value}`),
    ...renderFindings(plan.findings),
    ...section('Nodes', table(plan.placement.nodes)),
    ...section('What changes', changeLines(plan)),
    ...section('The Coordinator', [coordinatorText(plan)]),
    ...section('Before that, preflight would', plan.preflightWould),
    ...section('Marbles', marbleLines(plan)),
    ...section('How long', [plan.time.text]),
    ...section(
      'Mind',
      plan.hints.map(({ about, message }) => `${about}: ${message}`),
    ),
    '',
    planVerdict(plan),
    '',
    ...nextLines(plan),
  ].join('\n');
}

function title({ release, programVersion }: Plan): string {
  const { name, namespace, revision, chart, chartVersion } = release;
  return `marblerun-hooks plan ${programVersion}: revision ${revision} of release ${name} in ${namespace}, chart ${chart} ${chartVersion}`;
}

/** Whether preflight would let the upgrade go on. */
export function planVerdict({ outcome, findings }: Pick<Plan, 'outcome' | 'findings'>): string {
  const warnings = findings.filter(({ severity }) => severity === 'warn').length;
  const tail = warnings === 0 ? '' : `, ${plural(warnings, 'warning')}`;
  if (outcome === 'passed') return `Preflight would pass${tail}. Nothing was changed.`;
  const blocking = findings.filter(blocks).length;
  return `Preflight would refuse this upgrade: ${plural(blocking, 'finding')}${tail}. Nothing was changed.`;
}

/** Whether the Coordinator is replaced, in a sentence. */
export function coordinatorText({ coordinator: { kind, why } }: Plan): string {
  switch (kind) {
    case 'first':
      return `It starts for the first time: ${why}.`;
    case 'restarts':
      return `It restarts: ${why}.`;
    case 'stays':
      return `Its pod stays as it is: ${why}.`;
    case 'unknown':
      return `Nothing that is rendered differs from its pod; that it stays as it is is likely but not known: ${why}.`;
  }
}

/** What changes in short, or why that is not known. */
export function changeLines({ changes }: Plan): string[] {
  if (!changes.known) return [`not known: ${changes.why ?? ''}`];
  return changes.objects.length === 0 ? ['no object'] : changes.objects.map(changeText);
}

/** The waves with their workloads, and what is left as it is. */
export function marbleLines({ marbles }: Plan): string[] {
  if (marbles === undefined) return ['none can be restarted, or nothing is known of them'];
  const { waves, maxConcurrent, leftAlone, kept } = marbles;
  const lines = waves.flatMap(({ wave, restarts }) => [
    `wave ${wave}, ${plural(restarts.length, 'workload')}, at most ${maxConcurrent} at once:`,
    ...restarts.map(
      ({ workload, pods, reason }) => `  restart ${workload}, ${plural(pods, 'pod')}: ${reason}`,
    ),
  ]);
  return [
    ...(lines.length === 0 ? ['none is restarted'] : ['Once the Coordinator accepts Marbles:', ...lines]),
    ...leftAlone.map((each) => `left alone: ${each}`),
    ...(kept === 0 ? [] : [`${plural(kept, 'workload')} running on`]),
  ];
}

/** What to type next. */
export function nextLines(plan: Plan): string[] {
  const { command, hidesSecrets, acknowledge } = plan.next;
  const accept = acknowledgement(plan.next);
  return [
    ...(acknowledge.length === 0
      ? ['Next:', `  ${command}`]
      : ['Mend what blocks, then:', `  ${command}`, 'or, to accept all of it, add:', `  ${accept}`]),
    ...(hidesSecrets
      ? ['  Put the secrets back in for …; a values file (-f) keeps them off the command line.']
      : []),
  ];
}

/** The flag that accepts everything that blocks: Helm takes the last of several, so all tokens are in one. */
export function acknowledgement({ acknowledge }: Pick<Plan['next'], 'acknowledge'>): string {
  return `--set ${quoted(`hooks.acknowledge={${acknowledge.join(',')}}`)}`;
}

/** `1 pod`, `2 pods`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A finding's severity as a person reads it. */
export function labelOf(finding: Finding): string {
  return finding.acknowledged === true ? 'ACKNOWLEDGED' : finding.severity.toUpperCase();
}

function table(rows: readonly NodeRow[]): string[] {
  if (rows.length === 0) return [];
  const cells = [{ node: 'NODE', takes: 'TAKES IT', why: 'WHY' }, ...rows];
  const width = Math.max(...cells.map(({ node }) => node.length));
  return cells.map(({ node, takes, why }) => `${node.padEnd(width)}  ${takes.padEnd(8)}  ${why}`.trimEnd());
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${heading}:`, ...lines.map((line) => `  ${line}`)];
}
