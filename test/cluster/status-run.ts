import type { StatusView } from '../../hooks/core/status-view/view.ts';
import type { ExecResult } from '../lab/inside.ts';
import { statusIn } from '../support/status-schema.ts';
import { builtProgram } from './built-program.ts';
import type { Release } from './release.ts';

/** What `status` says, as a person gets it who has a kubeconfig and no way into the cluster's network but the API server. */
export class StatusByHand {
  readonly #release: Release;
  readonly #program: string;

  private constructor(release: Release, program: string) {
    this.#release = release;
    this.#program = program;
  }

  static async prepare(release: Release): Promise<StatusByHand> {
    return new StatusByHand(release, await builtProgram(release.lab));
  }

  /** As text, with the exit code. */
  async text(...flags: string[]): Promise<ExecResult> {
    const { lab, namespace, name } = this.#release;
    const args = [this.#program, 'status', name, '-n', namespace, ...flags];
    return await lab.exec(process.execPath, args, { reject: false, timeout: 60_000 });
  }

  /** As data that its schema describes. */
  async view(): Promise<StatusView> {
    return statusIn((await this.text('--output', 'json')).all);
  }
}

/** What stands in a section, by the name of its row. */
export function rowsOf({ sections }: StatusView, title: string): Record<string, string> {
  const rows = sections.find((section) => section.title === title)?.rows ?? [];
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
