import { declare } from '../command.ts';
import { flag, orEmpty } from '../option.ts';
import { output, place, releaseArgument, type AskedRelease } from '../shared-options.ts';
import { noMore } from '../words.ts';

/** A person wants a copy put back. */
export interface AskedRestore extends AskedRelease {
  command: 'restore';
  /** The Secret; empty for the newest copy. */
  copy: string;
  /** Another sealed state may be put aside. */
  replace: boolean;
  /** Nobody is asked. */
  yes: boolean;
  format: 'text' | 'json';
}

/** `restore` as a person types it. */
export const restore = declare({
  name: 'restore',
  audience: 'people',
  summary: 'puts a copy of the sealed state back, with the Coordinator stopped meanwhile',
  about: [
    'Says what is put back and what is lost, and asks. Then it stops the Coordinator, has the copy put onto the volume, and starts the Coordinator again. Interrupted, it goes on when it is run again.',
  ],
  arguments: [releaseArgument],
  options: {
    ...place,
    copy: orEmpty('SECRET', 'the copy to put back (the newest)'),
    replace: flag('put aside the state that the Coordinator holds now'),
    yes: flag('do not ask, as for scripts', { short: 'y' }),
    output,
  },
  examples: [
    { does: 'After a lost volume', line: 'restore -n marblerun' },
    {
      does: 'Back to an older copy',
      line: 'restore -n marblerun --copy marblerun-coordinator-backup-1 --replace',
    },
  ],
  exitCodes: {
    0: 'the copy is in place; a recovery may have to follow',
    1: 'a person must act first',
    3: 'could not find out, or not finished',
  },
  ask: ({ output: format, ...values }, [release = '', ...more]): AskedRestore => {
    noMore(more);
    return { command: 'restore', release, ...values, format };
  },
  run: async (asked, stop) => await (await import('../../by-hand-copies.ts')).putBack(asked, stop),
});
