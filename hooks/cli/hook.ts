import type { ExitCode } from '../core/exit-code.ts';
import { declare, type Asked, type Command, type Description } from './command.ts';
import { required } from './option.ts';
import { output } from './shared-options.ts';
import { noMore } from './words.ts';

/** What a hook of the chart is to do. */
export type AskedHook = Asked & { config: string; format: 'text' | 'json' } & (
    | { command: 'preflight' | 'test' }
    | {
        command: 'rollout';
        /** This is the Job that the hook has handed the Marbles to. */
        detached: boolean;
      }
  );

/** What all hooks take. */
export const hookOptions = {
  config: required('FOLDER', 'settings.json, deployment.json and the other files of the chart', {
    completes: 'folder',
  }),
  output,
};

/** Declares a hook that takes no more than all hooks do. */
export function declareHook(
  name: 'preflight' | 'test',
  description: Pick<Description, 'summary' | 'about'>,
): Command {
  return declare({
    ...description,
    name,
    audience: 'chart',
    arguments: [],
    options: hookOptions,
    examples: [{ does: 'As the hook does', line: `${name} --config /etc/marblerun-hooks` }],
    ask: ({ config, output: format }, words): AskedHook => {
      noMore(words);
      return { command: name, config, format };
    },
    run: runHook,
  });
}

/** Runs a hook, loaded only then. */
export async function runHook(asked: AskedHook, stop: AbortSignal): Promise<ExitCode> {
  return await (await import('../in-cluster.ts')).runHook(asked, stop);
}
