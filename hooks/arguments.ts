import { parseArgs } from 'node:util';
import { readPlanRequest, type PlanRequest } from './core/plan/request.ts';
import { SettingsError } from './core/settings.ts';
import type { Limits } from './core/watch/memory.ts';
import { readRecover, recoverOptions, type RecoverInvocation } from './recover-arguments.ts';

/** What the command line asks for. */
export type Invocation =
  | { command: 'help' | 'version' | 'plan-help' }
  | { command: 'preflight' | 'test'; config: string; format: 'text' | 'json' }
  | {
      command: 'rollout';
      config: string;
      format: 'text' | 'json';
      /** This is the Job that the hook has handed the Marbles to. */
      detached: boolean;
    }
  | {
      command: 'watch';
      coordinator: string;
      intervalSeconds: number;
      /** The Coordinator's Deployment; empty for the pin, which watches and does nothing else. */
      deployment: string;
      /** Longest time to hold the node after the signal to stop. */
      holdSeconds: number;
      limits: Limits;
      /** Where the anchor listens while it is Ready. */
      readyPort: number;
    }
  | {
      command: 'backup';
      sealDir: string;
      copies: number;
      node: string;
      coordinatorVersion: string;
      manifestFingerprint: string | undefined;
      simulation: boolean;
    }
  | StatusInvocation
  | { command: 'restore'; from: string; sealDir: string; copy: string; replace: boolean }
  | RecoverInvocation
  | { command: 'plan'; request: PlanRequest }
  | {
      command: 'check-manifest';
      /** The Manifest to check; `-` for standard input. */
      file: string;
      /** The Manifest in force; undefined when it is not given as a file. */
      current: string | undefined;
      fromCoordinator: boolean;
      namespace: string;
      /** Empty for that of the Coordinator that is asked, or else the newest. */
      coordinatorVersion: string;
      format: 'text' | 'json';
    };

/** What a person asks to be shown. */
export interface StatusInvocation {
  command: 'status';
  /** Empty for the only one in the namespace. */
  release: string;
  namespace: string | undefined;
  context: string | undefined;
  kubeconfig: string | undefined;
  /** Where the Coordinator is asked; undefined for its pods. */
  coordinator: string | undefined;
  watch: boolean;
  intervalSeconds: number;
  format: 'text' | 'json';
}

/** Reads the arguments; throws a SettingsError that names what is wrong. */
export function readArguments(argv: readonly string[]): Invocation {
  if (argv[0] === 'plan') {
    const request = readPlanRequest(argv.slice(1));
    return request === undefined ? { command: 'plan-help' } : { command: 'plan', request };
  }
  const { values, positionals } = parsed(argv);
  const about = helpOrVersion(values, argv);
  if (about !== undefined) return about;
  const [command, ...rest] = positionals;
  if (command === 'status') return status(values, rest);
  if (command === 'recover') {
    noMore(rest.slice(1));
    return readRecover({ ...values, release: rest[0], format: formatOf(values.output) });
  }
  if (command === 'check-manifest') return checkManifest(values, rest);
  noMore(rest);
  switch (command) {
    case 'preflight':
    case 'test':
      return { command, config: required('--config', values.config), format: formatOf(values.output) };
    case 'rollout':
      return {
        command,
        config: required('--config', values.config),
        format: formatOf(values.output),
        detached: values.detached,
      };
    case 'watch':
      return {
        command,
        coordinator: required('--coordinator', values.coordinator),
        intervalSeconds: secondsOf('--interval', values.interval),
        deployment: values.deployment,
        holdSeconds: secondsOf('--hold', values.hold),
        limits: {
          graceSeconds: secondsOf('--grace', values.grace),
          downSeconds: secondsOf('--down', values.down),
        },
        readyPort: countOf('--ready-port', values['ready-port']),
      };
    case 'backup':
      return {
        command,
        sealDir: required('--seal-dir', values['seal-dir']),
        copies: countOf('--copies', values.copies),
        node: values.node,
        coordinatorVersion: required('--coordinator-version', values['coordinator-version']),
        manifestFingerprint: values.manifest,
        simulation: values.simulation,
      };
    case 'restore':
      return {
        command,
        from: required('--from', values.from),
        sealDir: required('--seal-dir', values['seal-dir']),
        copy: values.copy,
        replace: yesOrNo('--replace', values.replace),
      };
    default:
      throw new SettingsError(
        command === undefined
          ? 'no command given'
          : `unknown command "${command}"; see --help for those there are`,
      );
  }
}

/** What the options say. */
type Values = ReturnType<typeof parsed>['values'];

function status(values: Values, releases: readonly string[]): Invocation {
  const [release = '', ...more] = releases;
  noMore(more);
  const { namespace, context, kubeconfig, coordinator, watch } = values;
  return {
    command: 'status',
    release,
    ...{ namespace, context, kubeconfig, coordinator, watch },
    intervalSeconds: secondsOf('--interval', values.interval),
    format: formatOf(values.output),
  };
}

function helpOrVersion(values: Values, argv: readonly string[]): Invocation | undefined {
  if (values.help === true || argv.length === 0) return { command: 'help' };
  return values.version === true ? { command: 'version' } : undefined;
}

function checkManifest(values: Values, files: readonly string[]): Invocation {
  const [file, ...more] = files;
  if (file === undefined)
    throw new SettingsError('check-manifest needs a Manifest: a file, or - for standard input');
  noMore(more);
  const { current, namespace = 'marblerun' } = values;
  const fromCoordinator = values['from-coordinator'];
  if (current !== undefined && fromCoordinator) {
    throw new SettingsError('--current and --from-coordinator both say what is in force; give one of them');
  }
  if (file === '-' && current === '-')
    throw new SettingsError('standard input can be one of the two Manifests only');
  const coordinatorVersion = values['coordinator-version'] ?? '';
  if (coordinatorVersion !== '' && !/^v?\d+\.\d+\.\d+/.test(coordinatorVersion)) {
    throw new SettingsError(`--coordinator-version must be one such as v1.9.1, not "${coordinatorVersion}"`);
  }
  const format = formatOf(values.output);
  return { command: 'check-manifest', file, current, fromCoordinator, namespace, coordinatorVersion, format };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        coordinator: { type: 'string' },
        interval: { type: 'string', default: '5' },
        deployment: { type: 'string', default: '' },
        hold: { type: 'string', default: '50' },
        grace: { type: 'string', default: '600' },
        down: { type: 'string', default: '900' },
        'ready-port': { type: 'string', default: '8080' },
        output: { type: 'string', default: 'text' },
        detached: { type: 'boolean', default: false },
        'seal-dir': { type: 'string' },
        copies: { type: 'string' },
        node: { type: 'string', default: '' },
        'coordinator-version': { type: 'string' },
        manifest: { type: 'string' },
        simulation: { type: 'boolean', default: false },
        from: { type: 'string' },
        copy: { type: 'string', default: '' },
        replace: { type: 'string', default: 'no' },
        namespace: { type: 'string', short: 'n' },
        context: { type: 'string' },
        kubeconfig: { type: 'string' },
        watch: { type: 'boolean', short: 'w', default: false },
        current: { type: 'string' },
        'from-coordinator': { type: 'boolean', default: false },
        ...recoverOptions,
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
  } catch (cause) {
    throw new SettingsError((cause as Error).message, { cause });
  }
}

function noMore(rest: readonly string[]): void {
  if (rest.length > 0) throw new SettingsError(`unexpected argument "${rest.join(' ')}"`);
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new SettingsError(`${name} is missing`);
  return value;
}

function formatOf(value: string): 'text' | 'json' {
  if (value === 'text' || value === 'json') return value;
  throw new SettingsError(`--output must be text or json, not "${value}"`);
}

function secondsOf(name: string, value: string): number {
  const seconds = Number(value);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new SettingsError(`${name} must be a number of seconds above 0, not "${value}"`);
}

function countOf(name: string, value: string | undefined): number {
  const count = Number(required(name, value));
  if (Number.isInteger(count) && count > 0) return count;
  throw new SettingsError(`${name} must be a whole number above 0, not "${value ?? ''}"`);
}

function yesOrNo(name: string, value: string): boolean {
  if (value === 'yes' || value === 'no') return value === 'yes';
  throw new SettingsError(`${name} must be yes or no, not "${value}"`);
}
