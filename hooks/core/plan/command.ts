import { quoted } from '../lost/helm-flag.ts';
import type { HelmFlag, PlanRequest } from './request.ts';

/** What only changes how a dry run is shown, or what plan does by itself. */
const notForRendering: readonly string[] = [
  '--dry-run',
  '--debug',
  '--install',
  '--hide-secret',
  '--no-hooks',
];
const notForUpgrade: readonly string[] = ['--dry-run', '--debug', '--hide-secret', '--install'];

/**
 * The arguments with which Helm says what it would apply. A dry run on the server, unlike `helm template`, knows the release: its
 * revision, the values that --reuse-values keeps, and what `lookup` finds. It ends before any hook. `--install` makes the first
 * install no special case.
 */
export function dryRunArguments({ release, chart, flags }: PlanRequest): string[] {
  const kept = flags.filter(({ name }) => !notForRendering.includes(name));
  return [
    'upgrade',
    release,
    chart,
    ...kept.flatMap(({ words }) => words),
    '--install',
    '--dry-run=server',
    '--output=json',
  ];
}

/** The command that does what was planned, for a shell. Secrets on the command line are not repeated. */
export function upgradeCommand(
  { release, chart, flags }: PlanRequest,
  { install, acknowledge }: { install: boolean; acknowledge: readonly string[] },
): { command: string; hidesSecrets: boolean } {
  const kept = flags.filter(({ name }) => !notForUpgrade.includes(name));
  const words = kept.flatMap(shownWords);
  const command = [
    'helm',
    'upgrade',
    ...(install ? ['--install'] : []),
    release,
    shownSource(chart),
    ...words,
  ];
  if (acknowledge.length > 0) command.push('--set', `hooks.acknowledge={${acknowledge.join(',')}}`);
  return {
    command: command.map(quoted).join(' '),
    hidesSecrets: command.some((word) => word.includes(hidden)),
  };
}

const hidden = '…';
/** As the chart masks values (charts: templates/_helpers/_masked.tpl), and values of environment variables. */
const secretKey = /secret|password|passwd|token|credential|private|api-?key|env.*\.value$/i;
/** Keys that only name a Secret. */
const nameOfSecret = /(secretName|pullSecrets?(\[\d+\]|\.\d+|\.name)*)$/i;

function shownWords({ name, value, words }: HelmFlag): string[] {
  if (value === undefined) return [...words];
  const shown = shownValue(name, value);
  const [first = ''] = words;
  if (shown === value) return [...words];
  return words.length > 1 ? [first, shown] : [`${first.slice(0, first.length - value.length)}${shown}`];
}

function shownValue(name: string, value: string): string {
  switch (name) {
    case '--password':
      return hidden;
    case '--repo':
      return shownSource(value);
    case '--set-json':
      return secretKey.test(value) ? shownAssignment(value, true) : value;
    case '--set':
    case '--set-string':
      return shownList(value);
    case '--set-literal':
      return shownAssignment(value, false);
    default:
      return value;
  }
}

function shownList(value: string): string {
  const parts = assignments(value);
  const shown = parts.map((each) => shownAssignment(each, false));
  return shown.some((each, index) => each !== parts[index]) ? shown.join(',') : value;
}

/** A chart or a repository as a word of the command: what is no URL stays, and so does what a query says. */
function shownSource(source: string): string {
  return source.replace(/^(\w+:\/\/)[^/@]+@/, `$1${hidden}@`);
}

function shownAssignment(assignment: string, whole: boolean): string {
  const equals = assignment.indexOf('=');
  const key = assignment.slice(0, equals);
  if (equals < 0 || !(whole || (secretKey.test(key) && !nameOfSecret.test(key)))) return assignment;
  return `${key}=${hidden}`;
}

/** The parts of `a=1,b={2,3}`: commas in braces and behind a backslash do not part. */
function assignments(text: string): string[] {
  return text.match(/(?:\\.|\{[^}]*\}|[^,\\{]|\{)+/g) ?? [];
}
