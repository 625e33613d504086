import { declare, type Asked } from '../command.ts';
import { count, flag, optional, orEmpty, required } from '../option.ts';
import { noMore } from '../words.ts';

/** What the pod that copies the sealed state is to copy. */
export interface AskedCopy extends Asked {
  command: 'copy-sealed-state';
  sealDir: string;
  copies: number;
  node: string;
  coordinatorVersion: string;
  manifestFingerprint: string | undefined;
  simulation: boolean;
}

/** `copy-sealed-state` as the pod that preflight starts runs it. */
export const copySealedState = declare({
  name: 'copy-sealed-state',
  audience: 'chart',
  summary: 'copies the sealed state into a ring of Secrets (the pod that preflight starts)',
  about: ['Runs in the pod that preflight starts: copies the sealed state into a ring of Secrets.'],
  arguments: [],
  options: {
    'seal-dir': required('FOLDER', "where the volume's sealed state is", { completes: 'folder' }),
    copies: count(undefined, 'Secrets of the ring'),
    node: orEmpty('NAME', 'the node that the state is sealed on'),
    'coordinator-version': required('VERSION', 'the Coordinator that sealed it'),
    manifest: optional('FINGERPRINT', 'the Manifest in force'),
    simulation: flag('it is sealed without an enclave'),
  },
  examples: [
    {
      does: 'As that pod does',
      line: 'copy-sealed-state --seal-dir /coordinator/data --copies 3 --coordinator-version v1.9.1',
    },
  ],
  ask: (values, words): AskedCopy => {
    noMore(words);
    const { copies, node, simulation } = values;
    return {
      command: 'copy-sealed-state',
      sealDir: values['seal-dir'],
      copies,
      node,
      coordinatorVersion: values['coordinator-version'],
      manifestFingerprint: values.manifest,
      simulation,
    };
  },
  run: async (asked, stop) => await (await import('../../in-cluster.ts')).copySealedState(asked, stop),
});
