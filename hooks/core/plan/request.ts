import { SettingsError } from '../settings.ts';

export type PlanFormat = 'text' | 'json' | 'markdown';

/** One flag of Helm, as it was typed. */
export interface HelmFlag {
  /** Its long name. */
  name: string;
  value?: string | undefined;
  /** The words of the command line. */
  words: readonly string[];
}

/** What `plan` was asked for: an upgrade, in the words of `helm upgrade`. */
export interface PlanRequest {
  release: string;
  chart: string;
  flags: readonly HelmFlag[];
  format: PlanFormat;
}

const shortNames: Readonly<Record<string, string>> = {
  f: '--values',
  h: '--help',
  i: '--install',
  l: '--labels',
  n: '--namespace',
  o: '--output',
};

/** The switches of `helm upgrade` (Helm 3.18 and 4.1: helm upgrade --help): no word that follows is theirs. */
const switches: ReadonlySet<string> = new Set(
  `atomic cleanup-on-fail create-namespace debug dependency-update devel disable-openapi-validation dry-run enable-dns
  force force-conflicts force-replace help hide-notes hide-secret insecure-skip-tls-verify install
  kube-insecure-skip-tls-verify no-hooks pass-credentials plain-http render-subchart-notes reset-then-reuse-values
  reset-values reuse-values rollback-on-failure skip-crds skip-schema-validation take-ownership verify wait wait-for-jobs`
    .split(/\s+/)
    .map((name) => `--${name}`),
);

/** Its flags that take a value. Another flag is taken for a switch unless it is written with `=`. */
const valued: ReadonlySet<string> = new Set(
  `burst-limit ca-file cert-file color colour content-cache description history-max key-file keyring kube-apiserver
  kube-as-group kube-as-user kube-ca-file kube-context kube-tls-server-name kube-token kubeconfig labels namespace output
  password post-renderer post-renderer-args qps registry-config repo repository-cache repository-config server-side set
  set-file set-json set-literal set-string timeout username values version`
    .split(/\s+/)
    .map((name) => `--${name}`),
);

/** What would make Helm speak to another cluster, or as another user, than the one that plan reads from. */
const identity: readonly string[] = [
  '--kube-apiserver',
  '--kube-token',
  '--kube-as-user',
  '--kube-as-group',
  '--kube-ca-file',
  '--kube-insecure-skip-tls-verify',
  '--kube-tls-server-name',
];

/** The same as environment variables (Helm: pkg/cli/environment.go). */
const identityVariables: readonly string[] = [
  'HELM_KUBEAPISERVER',
  'HELM_KUBETOKEN',
  'HELM_KUBEASUSER',
  'HELM_KUBEASGROUPS',
  'HELM_KUBECAFILE',
  'HELM_KUBEINSECURE_SKIP_TLS_VERIFY',
  'HELM_KUBETLS_SERVER_NAME',
];

/** Reads the words after `plan`; undefined when they ask for help. Throws a SettingsError that names what is wrong. */
export function readPlanRequest(words: readonly string[]): PlanRequest | undefined {
  const flags: HelmFlag[] = [];
  const names: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (!word.startsWith('-') || word === '-') {
      names.push(word);
      continue;
    }
    const flag = readFlag(word, words[index + 1]);
    if (flag.words.length > 1) index++;
    flags.push(flag);
  }
  if (flags.some(({ name }) => name === '--help')) return undefined;
  refuseIdentity(flags);
  const [release, chart, ...rest] = names;
  if (release === undefined || chart === undefined) {
    throw new SettingsError(
      'plan needs the release and the chart, as helm upgrade does: plan RELEASE CHART [FLAGS]',
    );
  }
  if (rest.length > 0) {
    throw new SettingsError(
      `unexpected argument "${rest.join(' ')}"; a flag of Helm that plan does not know takes its value as --FLAG=VALUE`,
    );
  }
  return {
    release,
    chart,
    flags: flags.filter(({ name }) => name !== '--output'),
    format: formatOf(lastValue(flags, '--output') ?? 'text'),
  };
}

/** A flag of `helm upgrade`, as it is declared. */
export interface DeclaredFlag {
  /** Its long name without the dashes. */
  name: string;
  short: string | undefined;
  takesValue: boolean;
}

/** The flags of `helm upgrade` that `plan` takes, but for --output and --help, which are its own. */
export function declaredFlags(): DeclaredFlag[] {
  const refused = ['--help', '--output', ...identity];
  return [...switches, ...valued]
    .filter((flag) => !refused.includes(flag))
    .sort()
    .map((flag) => ({
      name: flag.slice(2),
      short: Object.keys(shortNames).find((letter) => shortNames[letter] === flag),
      takesValue: valued.has(flag),
    }));
}

/** Throws a SettingsError when the environment has Helm speak to another cluster than plan can read from. */
export function refuseIdentityVariables(environment: Readonly<Record<string, string | undefined>>): void {
  const found = identityVariables.find((name) => (environment[name] ?? '') !== '');
  if (found !== undefined) throw new SettingsError(unlikeKubeconfig(found));
}

/** The value of a flag; the last one wins, as with Helm. */
export function lastValue(flags: readonly HelmFlag[], name: string): string | undefined {
  return flags.findLast((flag) => flag.name === name)?.value;
}

/** Whether a switch is given and not taken back with `=false`. */
export function isGiven(flags: readonly HelmFlag[], ...names: string[]): boolean {
  return flags.some(({ name, value }) => names.includes(name) && value !== 'false');
}

function readFlag(word: string, next: string | undefined): HelmFlag {
  const { name, value } = parted(word);
  if (value !== undefined || !valued.has(name)) return { name, value, words: [word] };
  if (next === undefined) throw new SettingsError(`${word} needs a value`);
  return { name, value: next, words: [word, next] };
}

/** pflag takes `--name=value`, `-nvalue` and `-n=value`. */
function parted(word: string): { name: string; value?: string | undefined } {
  if (word.startsWith('--')) {
    const [name = '', ...rest] = word.split('=');
    return { name, value: rest.length === 0 ? undefined : rest.join('=') };
  }
  const name = shortNames[word.charAt(1)];
  if (name === undefined) return { name: word };
  const attached = word.slice(2).replace(/^=/, '');
  if (attached === '') return { name };
  if (switches.has(name)) throw new SettingsError(`write the flags of "${word}" apart`);
  return { name, value: attached };
}

function refuseIdentity(flags: readonly HelmFlag[]): void {
  const found = flags.find(({ name }) => identity.includes(name));
  if (found !== undefined) throw new SettingsError(unlikeKubeconfig(found.name));
}

function unlikeKubeconfig(what: string): string {
  return `plan reads the cluster with the kubeconfig alone and cannot follow ${what}: write it into a kubeconfig, and give that with --kubeconfig or --kube-context`;
}

function formatOf(value: string): PlanFormat {
  if (value === 'text' || value === 'json' || value === 'markdown') return value;
  throw new SettingsError(`--output must be text, json or markdown, not "${value}"`);
}
