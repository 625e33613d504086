import { startedUnderAnnotation } from '../marbles/workload.ts';
import type { Pod } from '../objects.ts';
import { isReady } from '../pod-trouble.ts';

/** What is done next where the controller waits for somebody to delete the old pods. */
export type NextEviction = { is: 'pod'; pod: Pod } | { is: 'wait'; reason: string } | { is: 'over' };

/** One pod after the other, the last by number first, and each only while all others are ready (as a StatefulSet rolls). */
export function nextEviction(pods: readonly Pod[], key: string): NextEviction {
  const old = pods.filter(({ metadata }) => metadata.annotations?.[startedUnderAnnotation] !== key);
  const leaving = pods.find(({ metadata }) => metadata.deletionTimestamp !== undefined);
  if (leaving !== undefined) return { is: 'wait', reason: `pod/${leaving.metadata.name} is on its way out` };
  const young = pods.find((pod) => !old.includes(pod) && !isReady(pod));
  if (young !== undefined) return { is: 'wait', reason: `pod/${young.metadata.name} is not ready yet` };
  // A pod that is not ready serves nobody, so that it goes first.
  const broken = old.find((pod) => !isReady(pod));
  const next = broken ?? [...old].sort(byNumber).at(-1);
  return next === undefined ? { is: 'over' } : { is: 'pod', pod: next };
}

function byNumber(a: Pod, b: Pod): number {
  return a.metadata.name.localeCompare(b.metadata.name, 'en', { numeric: true });
}
