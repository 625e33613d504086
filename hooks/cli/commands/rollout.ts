import { declare } from '../command.ts';
import { hookOptions, runHook, type AskedHook } from '../hook.ts';
import { flag } from '../option.ts';
import { noMore } from '../words.ts';

/** `rollout` as the chart's hook and its Job run it. */
export const rollout = declare({
  name: 'rollout',
  audience: 'chart',
  summary: 'after an upgrade: is it the same state, and can Marbles start?',
  about: [
    'Runs as a hook after an install, an upgrade and a rollback: waits until the Coordinator has rolled out, compares its state with the record, and restarts the Marbles that need it.',
  ],
  arguments: [],
  options: {
    ...hookOptions,
    detached: flag('this is the Job that rolls the Marbles with rollout.detach'),
  },
  examples: [{ does: 'As the hook does', line: 'rollout --config /etc/marblerun-hooks' }],
  ask: ({ config, output, detached }, words): AskedHook => {
    noMore(words);
    return { command: 'rollout', config, format: output, detached };
  },
  run: runHook,
});
