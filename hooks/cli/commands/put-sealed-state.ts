import { declare, type Asked } from '../command.ts';
import { choice, orEmpty, required } from '../option.ts';
import { noMore } from '../words.ts';

/** Which copy goes back where. */
export interface AskedPut extends Asked {
  command: 'put-sealed-state';
  from: string;
  sealDir: string;
  /** The Secret; empty for the newest copy. */
  copy: string;
  /** Whether another sealed state may be put aside. */
  replace: boolean;
}

/** `put-sealed-state` as the Job of the chart's CronJob runs it. */
export const putSealedState = declare({
  name: 'put-sealed-state',
  audience: 'chart',
  summary: 'puts a copy back onto the volume (the CronJob marblerun-coordinator-restore)',
  about: [
    'Runs in a Job of the CronJob marblerun-coordinator-restore: puts a copy of the sealed state back onto the volume.',
  ],
  arguments: [],
  options: {
    from: required('FOLDER', "where the ring's Secrets are mounted", { completes: 'folder' }),
    'seal-dir': required('FOLDER', "where the volume's sealed state is", { completes: 'folder' }),
    copy: orEmpty('NAME', 'the Secret to restore from (the newest copy)'),
    'put-aside': choice(['yes', 'no'], 'whether another sealed state may be put aside', 'no'),
  },
  examples: [
    { does: 'As that Job does', line: 'put-sealed-state --from /backups --seal-dir /coordinator/data' },
  ],
  ask: (values, words): AskedPut => {
    noMore(words);
    const { from, copy } = values;
    return {
      command: 'put-sealed-state',
      from,
      sealDir: values['seal-dir'],
      copy,
      replace: values['put-aside'] === 'yes',
    };
  },
  run: async (asked) => await (await import('../../in-cluster.ts')).putBack(asked),
});
