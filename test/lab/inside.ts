import { execa } from 'execa';
import { clients } from '../support/helm.ts';
import { delimiter, join } from 'node:path';
import { mkdir, symlink } from 'node:fs/promises';
import { entering, systemPath, type Place } from './component.ts';
import { kubeconfigOf } from './credentials.ts';

/** How a command is run inside a lab. */
export interface ExecOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Milliseconds after which the command is ended. */
  readonly timeout?: number;
  /** False: answer what a failed command said instead of throwing. */
  readonly reject?: boolean;
}

/** What a command said. */
export interface ExecResult {
  readonly exitCode?: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order in which they came. */
  readonly all: string;
}

/** Puts kubectl, helm (Helm 4) and helm3 into the lab's own `bin`. */
export async function linkClients(dir: string): Promise<void> {
  const { helm4, helm3, kubectl } = await clients();
  await mkdir(join(dir, 'bin'), { recursive: true });
  await symlink(kubectl, join(dir, 'bin', 'kubectl'));
  await symlink(helm4, join(dir, 'bin', 'helm'));
  await symlink(helm3, join(dir, 'bin', 'helm3'));
}

/** Runs a command inside a lab, with its clients on PATH and its cluster as theirs. */
export async function execInside(
  place: Place,
  file: string,
  args: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const { cwd = process.cwd(), env = {}, ...rest } = options;
  const command = [...enteringAsUser(place, cwd), file, ...args];
  const result = await execa('nsenter', command, {
    ...rest,
    env: { ...labEnv(place.dir), ...env },
    all: true,
  });
  return result;
}

/** A program to start, with its environment. */
export interface Start {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What starts a command inside a lab, for who starts it by other means than the above. */
export function startInside(place: Place, command: readonly string[]): Start {
  return {
    file: 'nsenter',
    args: [...enteringAsUser(place, process.cwd()), ...command],
    env: labEnv(place.dir),
  };
}

/** Runs a command inside a lab with this terminal, and answers its exit code. */
export async function interactInside(place: Place, command: readonly string[]): Promise<number> {
  const options = { stdio: 'inherit', reject: false, env: labEnv(place.dir) } as const;
  const { exitCode } = await execa('nsenter', [...enteringAsUser(place, process.cwd()), ...command], options);
  return exitCode ?? 1;
}

/** A command must not outlive the nsenter that runs it, which is all that its caller can end. */
function enteringAsUser(place: Place, cwd: string): string[] {
  return [...entering(place, cwd), 'setpriv', '--pdeathsig', 'TERM'];
}

function labEnv(dir: string): Record<string, string> {
  return {
    KUBECONFIG: kubeconfigOf(dir, 'admin'),
    PATH: [join(dir, 'bin'), process.env.PATH, systemPath].join(delimiter),
    // The user's own chart repositories and plugins stay out of tests, and tests out of them.
    HELM_CACHE_HOME: join(dir, 'helm', 'cache'),
    HELM_CONFIG_HOME: join(dir, 'helm', 'config'),
    HELM_DATA_HOME: join(dir, 'helm', 'data'),
  };
}
