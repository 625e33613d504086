import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import type { ConfigMap } from '../../hooks/core/objects.ts';
import type { Report } from '../../hooks/core/report.ts';
import type { Manifest } from '../chart/render.ts';
import type { Lab } from '../lab/lab.ts';
import { builtProgram } from './built-program.ts';
import { chart } from './charts.ts';
import { type Release } from './release.ts';

/** A kubeconfig, as far as tests change it. */
export interface Kubeconfig {
  clusters: { cluster: { server: string } }[];
  users: { user: { token?: string } }[];
}

/** How a preflight ended that was run by hand. */
export interface PreflightRun {
  exitCode: number | undefined;
  report: Report;
  /** What it said while it worked. */
  progress: string;
}

/** The objects that `helm template` renders for a release, as an upgrade would. */
export async function renderedFor(release: Release): Promise<Manifest[]> {
  const where = ['-n', release.namespace, '-f', release.values, '--is-upgrade'];
  const { stdout } = await release.lab.helm(4, ['template', release.name, chart, ...where]);
  return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
}

/** The program as it is built, with the files that the chart gives preflight: to be run outside the cluster. */
export class PreflightByHand {
  readonly folder: string;
  private readonly lab: Lab;
  private readonly program: string;

  private constructor(lab: Lab, folder: string, program: string) {
    this.lab = lab;
    this.folder = folder;
    this.program = program;
  }

  /** Builds the program, and writes the files of preflight for an upgrade of this release. */
  static async prepare(release: Release): Promise<PreflightByHand> {
    const folder = join(release.lab.dir, `${release.namespace}-by-hand`);
    await mkdir(folder);
    const configMap = (await renderedFor(release)).find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.endsWith('-preflight'),
    );
    for (const [name, text] of Object.entries((configMap as ConfigMap | undefined)?.data ?? {})) {
      await writeFile(join(folder, name), text);
    }
    return new PreflightByHand(release.lab, folder, await builtProgram(release.lab));
  }

  /** Runs another command of it with the lab's kubeconfig; a file of the folder can be given by its name. */
  async other(...args: string[]): Promise<{ exitCode?: number | undefined; stdout: string }> {
    const env = { KUBECONFIG: this.lab.kubeconfig };
    const options = { env, cwd: this.folder, reject: false };
    return await this.lab.exec(process.execPath, [this.program, ...args], options);
  }

  /** Runs it with the lab's kubeconfig, changed. */
  async run(change: (kubeconfig: Kubeconfig) => void): Promise<PreflightRun> {
    const kubeconfig = parse(await readFile(this.lab.kubeconfig, 'utf8')) as Kubeconfig;
    change(kubeconfig);
    const path = join(this.folder, 'kubeconfig');
    await writeFile(path, stringify(kubeconfig));
    const args = [this.program, 'preflight', '--config', this.folder, '--output', 'json'];
    const options = { env: { KUBECONFIG: path }, reject: false };
    const { exitCode, stdout, stderr } = await this.lab.exec(process.execPath, args, options);
    return { exitCode, report: JSON.parse(stdout) as Report, progress: stderr };
  }
}

/** Changes a kubeconfig to the user whom a token stands for. */
export function as(token: string): (kubeconfig: Kubeconfig) => void {
  return ({ users }) => {
    for (const each of users) each.user = { token };
  };
}
