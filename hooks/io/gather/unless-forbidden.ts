import { unknown, type Known } from '../../core/known.ts';
import { ClusterError } from '../cluster-error.ts';

/** What `read` finds, or why the API server does not let it be found. */
export async function unlessForbidden<T>(read: () => Promise<Known<T>>): Promise<Known<T>> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ClusterError && error.kind === 'forbidden') return unknown(error.message);
    throw error;
  }
}
