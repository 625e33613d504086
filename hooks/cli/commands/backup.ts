import { declare } from '../command.ts';
import { flag } from '../option.ts';
import { output, place, releaseArgument, type AskedRelease } from '../shared-options.ts';
import { noMore } from '../words.ts';

/** A person wants a copy of the sealed state, or to see those there are. */
export interface AskedBackup extends AskedRelease {
  command: 'backup';
  list: boolean;
  format: 'text' | 'json';
}

/** `backup` as a person types it. */
export const backup = declare({
  name: 'backup',
  audience: 'people',
  summary: 'copies the sealed state into a Secret now, as preflight does before an upgrade',
  about: [
    'Copies the sealed state into the next Secret of the ring, by a pod like that of preflight. What the pod needs is made with your rights, and removed again.',
  ],
  arguments: [releaseArgument],
  options: {
    ...place,
    list: flag('show the copies that there are, newest first, and make none'),
    output,
  },
  examples: [
    { does: 'A copy of now', line: 'backup -n marblerun' },
    { does: 'The copies that there are', line: 'backup -n marblerun --list' },
  ],
  exitCodes: {
    0: 'the state is copied, now or before',
    1: 'there is nothing to copy, or no way to',
    3: 'no copy is known to be made',
  },
  ask: ({ output: format, ...values }, [release = '', ...more]): AskedBackup => {
    noMore(more);
    return { command: 'backup', release, ...values, format };
  },
  run: async (asked, stop) => await (await import('../../by-hand-copies.ts')).backUp(asked, stop),
});
