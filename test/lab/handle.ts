import { nodeNames } from './addresses.ts';
import { resumeComponent, startComponent, stopComponent, type ComponentSpec } from './component.ts';
import { readAudit, type AuditedRequest } from './audit.ts';
import { auditLogOf } from './controlplane.ts';
import { kubeconfigOf } from './credentials.ts';
import { execInside, startInside, type ExecOptions, type ExecResult, type Start } from './inside.ts';
import { loadHookImage, loadImages } from './images/load.ts';
import { end } from './processes.ts';
import type { Progress } from './progress.ts';
import { dirOf, runningLab, sweep, type LabState } from './state.ts';

/** A lab that runs. */
export interface Lab {
  readonly name: string;
  /** Everything the lab keeps: logs, volumes, credentials. */
  readonly dir: string;
  readonly kubeconfig: string;
  /** The file in which the API server notes what ServiceAccounts ask. */
  readonly auditLog: string;
  /** What that file tells by now; a request may be noted a moment after its answer. */
  audit(): Promise<AuditedRequest[]>;
  readonly nodes: readonly string[];
  /** Runs a command in the lab's namespaces, with kubectl, helm and helm3 on PATH and KUBECONFIG set. */
  exec(file: string, args: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** What starts a command there, for a test that has its own way to. */
  inside(...command: string[]): Start;
  /** Answers what kubectl prints; throws with what it complains about. */
  kubectl(...args: string[]): Promise<string>;
  /** Answers `kubectl get ARGS -o json`. */
  get<T>(...args: string[]): Promise<T>;
  /** Creates or changes objects, given as plain data. */
  apply(...objects: readonly object[]): Promise<void>;
  /** Runs a Helm; a failure is an answer, not an exception. */
  helm(version: 3 | 4, args: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /** Starts one more program in the lab's background; it ends with the lab. */
  start(component: ComponentSpec): Promise<void>;
  /** Kills a component of the cluster by its name, such as `kube-apiserver` or `kubelet-node-a`. */
  stop(component: string): Promise<void>;
  /** Starts a component again that was stopped; it is not yet ready then. */
  resume(component: string): Promise<void>;
  /** Imports the images of Coordinators and Marble into both nodes, as they are built now. */
  loadImages(): Promise<void>;
  /** Bundles the hook program of this work tree again and imports its image into both nodes; answers its name. */
  loadHookImage(): Promise<string>;
  /** Ends the lab and removes everything of it. */
  down(): Promise<void>;
}

/** What a command that was run in a lab printed. */
export interface Printed {
  readonly command: string;
  readonly output: string;
}

/** Is told of everything that commands print. */
export type Listener = (printed: Printed) => void;

/** A lab that `up` left running, or undefined. */
export async function openLab(name: string, progress: Progress = () => undefined): Promise<Lab | undefined> {
  const state = await runningLab(name);
  return state?.ready === true ? handle(state, progress) : undefined;
}

/** Ends a lab by its name; false when there was none. */
export async function endLab(name: string): Promise<boolean> {
  const state = await runningLab(name);
  if (state !== undefined) await end(state.outer, 'SIGTERM');
  await sweep(name);
  return state !== undefined;
}

/** The lab that a state describes. */
export function handle(state: LabState, progress: Progress, onPrinted: Listener = () => undefined): Lab {
  const dir = dirOf(state.name);
  const place = { dir, first: state.first };
  const exec: Lab['exec'] = async (file, args, options) => {
    const command = [file, ...args].join(' ');
    try {
      const result = await execInside(place, file, args, options);
      onPrinted({ command, output: result.all });
      return result;
    } catch (error) {
      onPrinted({ command, output: (error as Partial<ExecResult>).all ?? '' });
      throw error;
    }
  };
  const kubectl = async (...args: string[]): Promise<string> => (await exec('kubectl', args)).stdout;
  return {
    name: state.name,
    dir,
    kubeconfig: kubeconfigOf(dir, 'admin'),
    auditLog: auditLogOf(dir),
    audit: () => readAudit(auditLogOf(dir)),
    nodes: nodeNames,
    exec,
    inside: (...command) => startInside(place, command),
    kubectl,
    get: async <T>(...args: string[]) => JSON.parse(await kubectl('get', ...args, '-o', 'json')) as T,
    apply: async (...objects) => {
      const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
      await exec('kubectl', ['apply', '-f', '-'], { input });
    },
    helm: (version, args, options) =>
      exec(version === 4 ? 'helm' : 'helm3', args, { ...options, reject: false }),
    start: (component) => startComponent(place, component),
    stop: (component) => stopComponent(place, component),
    resume: (component) => resumeComponent(place, component),
    loadImages: () => loadImages(place, progress),
    loadHookImage: () => loadHookImage(place, progress),
    down: async () => {
      await endLab(state.name);
    },
  };
}
