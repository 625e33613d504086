import { blocks, type Finding } from '../findings.ts';
import { bySeverity } from '../report.ts';
import type { NodeRow } from './nodes.ts';
import type { Plan } from './plan.ts';
import { acknowledgement, changeLines, coordinatorText, labelOf, marbleLines, planVerdict } from './text.ts';

/** The plan for a pull request, verdict first. What comes from the cluster is in code or escaped, so that it stays text. */
export function renderPlanMarkdown(plan: Plan): string {
  const { name, namespace, revision, chart, chartVersion } = plan.release;
  return [
    `### Upgrade of ${code(name)} in ${code(namespace)}: ${plan.outcome === 'passed' ? 'passes' : 'refused'}`,
    '',
    `${planVerdict(plan)} Revision ${revision}, chart ${code(`${chart} ${chartVersion}`)}.`,
    ...bySeverity(plan.findings).flatMap((finding) => ['', ...findingLines(finding)]),
    ...nodes(plan.placement.nodes),
    '',
    `**The Coordinator.** ${escaped(coordinatorText(plan))}`,
    ...list('Before that, preflight would', plan.preflightWould.map(escaped)),
    ...block('Marbles', marbleLines(plan)),
    '',
    `**How long.** ${escaped(plan.time.text)}`,
    ...list(
      'Mind',
      plan.hints.map(({ about, message }) => `${code(about)}: ${escaped(message)}`),
    ),
    ...block('What changes', changeLines(plan)),
    '',
    ...next(plan),
    '',
    '<details><summary>What was looked at</summary>',
    '',
    '| | |',
    '| --- | --- |',
    ...plan.facts.map((fact) => `| ${escaped(fact.name)} | ${escaped(fact.value)} |`),
    '',
    `marblerun-hooks plan ${plan.programVersion}`,
    '',
    '</details>',
  ].join('\n');
}

function findingLines(finding: Finding): string[] {
  const { code: name, subject, message, remedy, token } = finding;
  const lines = [`- **${labelOf(finding)}** ${code(name)} (${escaped(subject)})`];
  const text = [message, ...(remedy === '' ? [] : [remedy])].join('\n');
  lines.push('  ```text', ...text.split('\n').map((line) => `  ${fenced(line)}`), '  ```');
  if (token !== undefined && blocks(finding)) lines.push(`  Token to accept it: ${code(token)}`);
  return lines;
}

function nodes(rows: readonly NodeRow[]): string[] {
  if (rows.length === 0) return [];
  return [
    '',
    '| node | takes the Coordinator | why |',
    '| --- | --- | --- |',
    ...rows.map(({ node, takes, why }) => `| ${escaped(node)} | ${takes} | ${escaped(why)} |`),
  ];
}

function next({ next: { command, hidesSecrets, acknowledge }, ...plan }: Plan): string[] {
  const heading = plan.outcome === 'passed' ? '**Next**' : '**Mend what blocks, then**';
  const hidden = hidesSecrets ? ', with the secrets put back in for `…`' : '';
  const lines = [`${heading}${hidden}:`, '', '```sh', fenced(command), '```'];
  if (acknowledge.length === 0) return lines;
  return [...lines, '', `To accept all of it, add ${code(acknowledgement({ acknowledge }))}.`];
}

function list(heading: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', `**${heading}**`, '', ...items.map((item) => `- ${item}`)];
}

function block(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `**${heading}**`, '', '```text', ...lines.map(fenced), '```'];
}

/** Text in a code block cannot end it. */
function fenced(line: string): string {
  return line.replaceAll('```', "'''");
}

/** Text in a code span cannot end it. */
function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

/** Text that names somebody, opens a tag or a table cell stays text. */
function escaped(text: string): string {
  return text.replace(/[\\`*_<|[\]#]/g, '\\$&').replace(/\n/g, ' ');
}
