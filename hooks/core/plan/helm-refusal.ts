import { quoted } from '../lost/helm-flag.ts';
import { lastValue, type PlanRequest } from './request.ts';

/** What Helm says while the newest revision is pending (Helm 3 and 4: pkg/action, errPending). */
const pending = 'another operation (install/upgrade/rollback) is in progress';

/** What to do about a refusal of Helm, where its own words do not tell. */
export function helmRemedy(words: string, { release, flags }: PlanRequest): string | undefined {
  if (!words.includes(pending)) return undefined;
  const namespace = lastValue(flags, '--namespace');
  const of = [release, ...(namespace === undefined ? [] : ['-n', namespace])].map(quoted).join(' ');
  return `Another Helm is at it, or one was stopped in the middle. Where none is at work any more, "helm history ${of}" names the revision that is pending, and "helm rollback ${of} REVISION" to that very revision goes on with it (docs/marbles.md, "When a roll is interrupted").`;
}
