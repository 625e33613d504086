import type { AskedBackup } from './cli/commands/backup.ts';
import type { AskedRestore } from './cli/commands/restore.ts';
import type { AskedRelease } from './cli/shared-options.ts';
import type { LookTools } from './commands/look.ts';
import { ExitCode } from './core/exit-code.ts';
import type { Cluster } from './io/cluster.ts';
import { findAccess } from './io/credentials.ts';
import { onceEach, standardOutput, type Output } from './io/output.ts';

/*
 * The commands for copies of the sealed state, as a person runs them.
 */

/** How long cleaning up may take when a command has been stopped. */
const lastMilliseconds = 10_000;

/** What comes of it goes to stdout, what is said on the way to stderr. */
export async function backUp(asked: AskedBackup, stop: AbortSignal): Promise<ExitCode> {
  const { backup } = await import('./commands/backup.ts');
  const { list, format } = asked;
  const code = await backup({ ...(await toolsFor(asked, stop)), list, format });
  return stop.aborted ? ExitCode.Stopped : code;
}

/** Asks on the terminal, if there is one, before anything is changed. */
export async function putBack(asked: AskedRestore, stop: AbortSignal): Promise<ExitCode> {
  const [{ restore }, { standardTerminal }] = await Promise.all([
    import('./commands/restore.ts'),
    import('./io/terminal.ts'),
  ]);
  const { copy, replace, yes, format } = asked;
  const code = await restore({
    ...(await toolsFor(asked, stop)),
    wish: { copy, replace },
    confirm: standardTerminal(stop)?.confirm,
    yes,
    format,
    driver: process.env.HELM_DRIVER ?? '',
  });
  return stop.aborted ? ExitCode.Stopped : code;
}

/** What a command works with that changes a release: `lastCluster` still works for a moment when it has been stopped. */
async function toolsFor(
  choice: AskedRelease,
  signal: AbortSignal,
): Promise<LookTools & { output: Output; lastCluster: () => Cluster }> {
  const [access, { lookTools }] = await Promise.all([
    findAccess(process.env, choice),
    import('./look-tools.ts'),
  ]);
  const output = standardOutput('json');
  const tools = lookTools(choice, access, { signal, onRetry: onceEach(output.progress) });
  return { ...tools, output, lastCluster: () => tools.connect(AbortSignal.timeout(lastMilliseconds)) };
}
