import { ExitCode } from './exit-code.ts';
import { blocks, type Finding } from './findings.ts';
import { workloadLines, type ReportedWorkload } from './roll/report.ts';

/** One line of what was looked at: a name and what it is. */
export interface ReportFact {
  name: string;
  value: string;
}

/** How a command ended. `unknown` means that something could not be found out. */
export type Outcome = 'passed' | 'blocked' | 'unknown';

/** What a command says at its end, once as text and once as data (schemas/report.schema.json). */
export interface Report {
  schemaVersion: 1;
  command: 'preflight' | 'rollout' | 'test' | 'recover';
  programVersion: string;
  outcome: Outcome;
  facts: ReportFact[];
  findings: Finding[];
  /** The Marble workloads; only of a rollout that came to them. */
  workloads?: ReportedWorkload[];
  /** What was done, one sentence each. */
  actions: string[];
}

export function exitCodeOf(outcome: Outcome): ExitCode {
  return { passed: ExitCode.Fine, blocked: ExitCode.Blocked, unknown: ExitCode.Unknown }[outcome];
}

/** `passed`, unless a finding blocks; `unknown` when all that blocks is that the time was up. */
export function outcomeOf(findings: readonly Finding[]): Outcome {
  const blocking = findings.filter(blocks);
  if (blocking.length === 0) return 'passed';
  return blocking.every(isUnfinished) ? 'unknown' : 'blocked';
}

function isUnfinished({ code }: Finding): boolean {
  return code === 'marbles-unfinished';
}

/** The report for people: facts, findings with the worst first, what was done, the verdict last. */
export function renderText(report: Report): string {
  const width = Math.max(0, ...report.facts.map(({ name }) => name.length));
  return [
    `marblerun-hooks ${report.command} ${report.programVersion}`,
    ...report.facts.map(({ name, value }) => `  ${name.padEnd(width)}  ${value}`),
    ...renderFindings(report.findings),
    ...marbles(report.workloads ?? []),
    ...(report.actions.length > 0 ? ['', ...report.actions.map((action) => `Done: ${action}`)] : []),
    '',
    verdict(report),
  ].join('\n');
}

export function renderJson(report: Report): string {
  return JSON.stringify(report);
}

/** The verdict with the findings that decide it and the workloads, at most `limit` bytes: for an Event or a termination message. */
export function renderSummary(report: Report, limit: number): string {
  const deciding = report.findings.filter((finding) => finding.severity !== 'info');
  const lines = [
    verdict(report),
    ...bySeverity(deciding).flatMap(renderFinding),
    ...workloadLines(report.workloads ?? []),
  ];
  const bytes = new TextEncoder().encode(lines.join('\n'));
  if (bytes.length <= limit) return lines.join('\n');
  // Cutting may leave half a character, which the decoder shows as a replacement character of three bytes.
  return `${new TextDecoder().decode(bytes.subarray(0, limit - 6))}…`;
}

function marbles(workloads: readonly ReportedWorkload[]): string[] {
  const lines = workloadLines(workloads);
  return lines.length === 0 ? [] : ['', 'Marbles:', ...lines.map((line) => `  ${line}`)];
}

/** The findings in lines, an empty one before each. */
export function renderFindings(findings: readonly Finding[]): string[] {
  return bySeverity(findings).flatMap((finding) => ['', ...renderFinding(finding)]);
}

/** The worst first: what blocks, what would have, then warnings. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  const rank = (finding: Finding) => (blocks(finding) ? 0 : { block: 1, warn: 2, info: 3 }[finding.severity]);
  return [...findings].sort((a, b) => rank(a) - rank(b));
}

function renderFinding(finding: Finding): string[] {
  const label = finding.acknowledged === true ? 'ACKNOWLEDGED' : finding.severity.toUpperCase();
  const lines = [`${label} ${finding.code} (${finding.subject})`, ...indented(finding.message)];
  if (finding.remedy !== '') lines.push(...indented(finding.remedy));
  if (finding.token !== undefined && blocks(finding)) {
    lines.push(`  To accept this: --set 'hooks.acknowledge={${finding.token}}'`);
  }
  return lines;
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `  ${line}`);
}

function verdict(report: Report): string {
  const warnings = report.findings.filter(({ severity }) => severity === 'warn').length;
  const tail = warnings === 0 ? '' : `, ${warnings} warning${warnings === 1 ? '' : 's'}`;
  const blocking = report.findings.filter(blocks).length;
  switch (report.command) {
    case 'preflight':
      return preflightVerdict(report, blocking, tail);
    case 'rollout':
      return rolloutVerdict(report, blocking, tail);
    case 'recover':
      return recoverVerdict(report, blocking, tail);
    case 'test':
      return testVerdict(report, blocking, tail);
  }
}

function preflightVerdict({ outcome }: Report, blocking: number, tail: string): string {
  switch (outcome) {
    case 'passed':
      return `Preflight passed${tail}.`;
    case 'blocked':
      return `Upgrade refused: ${counted(blocking)}${tail}. Nothing was changed.`;
    case 'unknown':
      return notFoundOut('preflight');
  }
}

function rolloutVerdict({ outcome, findings }: Report, blocking: number, tail: string): string {
  switch (outcome) {
    case 'passed':
      return findings.some(({ code }) => code === 'roll-detached')
        ? `Coordinator verified${tail}. The Marbles are not restarted yet: that goes on in a Job.`
        : `Rollout done${tail}.`;
    case 'blocked':
      return `Rollout stopped: a person has to act (${counted(blocking)}${tail}).`;
    case 'unknown':
      if (findings.some(isUnfinished)) return `Rollout not finished: Marbles are left to restart${tail}.`;
      if (findings.some(({ code }) => code === 'recovery-needed')) {
        return 'Rollout stopped: the time was up before the Coordinator was recovered.';
      }
      return notFoundOut('rollout');
  }
}

function recoverVerdict({ outcome, findings }: Report, blocking: number, tail: string): string {
  switch (outcome) {
    case 'passed':
      return findings.some(({ code }) => code === 'recovery-not-needed')
        ? `Nothing to recover${tail}.`
        : `Recovered: the Coordinator accepts Marbles${tail}.`;
    case 'blocked':
      return `Not recovered: a person has to act (${counted(blocking)}${tail}).`;
    case 'unknown':
      return notFoundOut('recovery');
  }
}

function testVerdict({ outcome }: Report, blocking: number, tail: string): string {
  if (outcome === 'unknown') return notFoundOut('test');
  return blocking === 0 ? `Test passed${tail}.` : `Test failed: ${counted(blocking)}${tail}.`;
}

function notFoundOut(what: string): string {
  return `The ${what} could not find out what it has to know.`;
}

function counted(blocking: number): string {
  return `${blocking} finding${blocking === 1 ? '' : 's'}`;
}
