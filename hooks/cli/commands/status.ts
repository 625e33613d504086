import { declare } from '../command.ts';
import { flag, seconds, url } from '../option.ts';
import { output, place, releaseArgument, type AskedRelease } from '../shared-options.ts';
import { noMore } from '../words.ts';

/** What a person asks to be shown. */
export interface AskedStatus extends AskedRelease {
  command: 'status';
  /** Where the Coordinator is asked; undefined for its pods. */
  coordinator: string | undefined;
  watch: boolean;
  intervalSeconds: number;
  format: 'text' | 'json';
}

/** `status` as a person types it. */
export const status = declare({
  name: 'status',
  audience: 'people',
  summary: 'what the Coordinator is in, what runs under it, and what to do next',
  about: [
    'Says what state the Coordinator is in, on which node and with which Manifest, which Marbles run under it, and what to do next. It changes nothing.',
  ],
  arguments: [releaseArgument],
  options: {
    ...place,
    coordinator: url("the Coordinator's client API (its pods, through the API server)"),
    watch: flag('go on until Ctrl-C: a live view in a terminal, elsewhere a line for each change', {
      short: 'w',
    }),
    interval: seconds(5, 'time between two looks with --watch'),
    output,
  },
  examples: [
    { does: 'Once, in the namespace of the release', line: 'status -n marblerun' },
    { does: 'Until Ctrl-C, during an upgrade', line: 'status -n marblerun -w' },
    { does: 'For a script', line: 'status marblerun-coordinator -n marblerun --output json' },
  ],
  exitCodes: {
    0: 'all is well, or Ctrl-C ended --watch',
    1: 'a person must act',
    3: 'could not find out',
  },
  ask: ({ interval, output: format, ...values }, [release = '', ...more]): AskedStatus => {
    noMore(more);
    return { command: 'status', release, ...values, intervalSeconds: interval, format };
  },
  run: async (asked, stop) => await (await import('../../by-hand.ts')).showStatus(asked, stop),
});
