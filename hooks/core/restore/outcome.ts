/** What `restore` prints with `--output json` (schemas/restore.schema.json). */
export interface RestoreOutcome {
  schemaVersion: 1;
  /**
   * `restored`: the copy is on the volume. `refused`: a person must act first. `unfinished`: the same command again goes on from
   * there. `failed`: what has to be known could not be found out, and nothing was changed.
   */
  result: 'restored' | 'refused' | 'unfinished' | 'failed';
  /** The Secret of the copy, once one was chosen. */
  secret?: string;
  /** The state that the Coordinator came up in; not there where it was not started, or does not answer. */
  state?: number;
  /** What was done, in order. */
  done: string[];
  /** What is said to a person, line by line. */
  lines: string[];
}
