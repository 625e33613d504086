import { isExpected } from '../failure.ts';

/**
 * Does a part of the roll that the roll can do without for now: answers why it failed, in words. What is wrong in this
 * program is thrown.
 */
export async function despite(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!isExpected(error)) throw error;
    return error.message;
  }
}
