import type { ManifestVerdict } from './check.ts';
import type { ManifestFinding } from './findings.ts';

/** What `check-manifest` says at its end, once as text and once as data (schemas/manifest-report.schema.json). */
export interface ManifestReport {
  schemaVersion: 1;
  command: 'check-manifest';
  programVersion: string;
  coordinatorVersion: string;
  /** The file, or `-` for standard input. */
  file: string;
  /** `set`: the first Manifest. `packages`: an update of SecurityVersions. `full`: an update of all. `none`: unreadable. */
  kind: 'set' | 'packages' | 'full' | 'none';
  /** `blocked` when the Coordinator would refuse it. */
  outcome: 'passed' | 'blocked';
  findings: ManifestFinding[];
}

/** The report of a check. */
export function manifestReport(
  { kind, findings }: ManifestVerdict,
  about: Pick<ManifestReport, 'programVersion' | 'coordinatorVersion' | 'file'>,
): ManifestReport {
  const blocked = findings.some(({ severity }) => severity === 'block');
  return {
    schemaVersion: 1,
    command: 'check-manifest',
    ...about,
    kind: kind ?? 'none',
    outcome: blocked ? 'blocked' : 'passed',
    findings,
  };
}

const titles: Readonly<Record<ManifestReport['kind'], string>> = {
  set: 'a first Manifest',
  packages: 'an update of Packages',
  full: 'an update of the whole Manifest',
  none: 'a Manifest',
};

/** The report for people: one finding after the other as editors and compilers place them, the verdict last. */
export function renderManifestReport(report: ManifestReport): string {
  const { file, findings, kind, coordinatorVersion } = report;
  return [
    `${file}: ${titles[kind]}, for Coordinator ${coordinatorVersion}`,
    ...findings.flatMap((finding) => ['', ...rendered(file, finding)]),
    '',
    verdict(report),
  ].join('\n');
}

function rendered(file: string, finding: ManifestFinding): string[] {
  const { line, column, severity, code, path, message, remedy } = finding;
  const about = path === '' ? '' : ` (${path})`;
  return [
    `${file}:${line}:${column}: ${severity.toUpperCase()} ${code}${about}`,
    `  ${message}`,
    ...(remedy === '' ? [] : [`  ${remedy}`]),
  ];
}

function verdict({ outcome, kind, findings }: ManifestReport): string {
  const count = (severity: string, word: string) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [`${number} ${word}${number === 1 ? '' : 's'}`];
  };
  const what = kind === 'packages' || kind === 'full' ? 'update' : 'Manifest';
  const tail = [...count('block', 'mistake'), ...count('warn', 'warning')].join(', ');
  const text = `The Coordinator ${outcome === 'passed' ? 'takes' : 'refuses'} this ${what}`;
  return tail === '' ? `${text}.` : `${text}: ${tail}.`;
}
