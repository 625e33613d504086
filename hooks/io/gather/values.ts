import type { ValueProblem } from '../../core/values/problems.ts';

/** What of the release's values does not fit. The checker is loaded here only: it is larger than the hooks themselves. */
export async function gatherValueProblems(values: Record<string, unknown>): Promise<ValueProblem[]> {
  const { valueProblems } = await import('../../core/values/problems.ts');
  return valueProblems(values);
}
