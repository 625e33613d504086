import { ClusterError } from '../cluster-error.ts';

/** What was asked for; undefined where it may not be known, which is noted, or where there is no such API. */
export async function unlessRefused<T>(work: Promise<T>, refusals: Set<string>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    if (error.kind === 'forbidden') refusals.add(error.message);
    else if (error.kind !== 'not-found') throw error;
    return undefined;
  }
}
