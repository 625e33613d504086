import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StatusView } from '../../hooks/core/status-view/view.ts';
import type { ExecResult } from '../lab/inside.ts';
import { statusIn } from '../support/status-schema.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';
import { builtProgram } from './built-program.ts';
import { runCommand } from './own-commands.ts';
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

/** What `status -w` begins and ends a live view with: the terminal's other screen, and the cursor. */
export const enter = '\u001b[?1049h\u001b[?25l';
export const leave = '\u001b[?25h\u001b[?1049l';

/** `status -w` while something happens: in a terminal and in a pipe. */
export class WatchedStatus {
  readonly terminal: Terminal;
  readonly #piped: Promise<ExecResult>;
  readonly #stop: () => Promise<void>;

  private constructor(terminal: Terminal, piped: Promise<ExecResult>, stop: () => Promise<void>) {
    this.terminal = terminal;
    this.#piped = piped;
    this.#stop = stop;
  }

  /** Starts both. The terminal's shell says at the end whether its settings are as before. */
  static async start(release: Release): Promise<WatchedStatus> {
    const { lab, namespace, name } = release;
    const watch = ['status', name, '-n', namespace, '--watch', '--interval', '0.5'];
    const program = [process.execPath, await builtProgram(lab), ...watch].join(' ');
    const same = 'test "$(stty -g)" = "$before" && echo "The terminal is as it was."';
    const script = `trap : INT; before=$(stty -g); ${program}; code=$?; ${same}; exit $code`;
    const terminal = openTerminal(`sh -c '${script}'`, {
      columns: 120,
      inside: (...command) => lab.inside(...command),
    });
    const file = join(lab.dir, `${namespace}-watched`);
    const [, , , , ...flags] = watch;
    const piped = runCommand(release, ['status', ...flags], { stopWhen: `test -e ${file}` });
    return new WatchedStatus(terminal, piped, async () => {
      await writeFile(file, '');
    });
  }

  /** Ends the one in the pipe as Ctrl-C does, and answers what it has said. */
  async piped(): Promise<ExecResult> {
    await this.#stop();
    return await this.#piped;
  }
}

/** What stands in a section, by the name of its row. */
export function rowsOf({ sections }: StatusView, title: string): Record<string, string> {
  const rows = sections.find((section) => section.title === title)?.rows ?? [];
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
