import type { Limits, Memory } from './memory.ts';

/** Whether the anchor is Ready, and why, in words that stay the same while it lasts. */
export interface Readiness {
  ready: boolean;
  why: string;
}

/**
 * The anchor is not Ready once a trouble has lasted too long, and Ready again as soon as it is over. A watch that has just
 * begun counts anew, so that an anchor can always be replaced by its successor.
 */
export function readinessOf(
  { troubledSince, silentSince }: Memory,
  now: number,
  { graceSeconds, downSeconds }: Limits,
): Readiness {
  if (troubledSince !== undefined && now - troubledSince >= graceSeconds * 1000) {
    return {
      ready: false,
      why: `the Coordinator has needed recovery for more than ${graceSeconds} s (anchor.graceSeconds)`,
    };
  }
  if (silentSince !== undefined && now - silentSince >= downSeconds * 1000) {
    return {
      ready: false,
      why: `the Coordinator has not answered for more than ${downSeconds} s (anchor.downSeconds)`,
    };
  }
  if (troubledSince !== undefined)
    return { ready: true, why: 'the Coordinator has not needed recovery for long' };
  if (silentSince !== undefined) return { ready: true, why: 'the Coordinator has not been silent for long' };
  return { ready: true, why: 'the Coordinator is as it should be' };
}
