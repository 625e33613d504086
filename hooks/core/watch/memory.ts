import type { Known } from '../known.ts';
import type { Scene } from './scene.ts';

/** How long a trouble may last before the anchor is not Ready. */
export interface Limits {
  /** State 1 (Recovery), or an empty store where there was a Manifest. */
  graceSeconds: number;
  /** No answer. */
  downSeconds: number;
}

/** What one round of the watch found. */
export interface Observation {
  /** The Coordinator's state, or why it does not answer. */
  answer: Known<number>;
  /** What the cluster tells; undefined when it was not looked at, or could not be. */
  scene: Scene | undefined;
}

/** What the Coordinator is taken to be in. `lost` and `replaced` by what the record says was there before. */
export type Situation =
  'accepting-manifest' | 'accepting-marbles' | 'needs-recovery' | 'lost-state' | 'replaced' | 'down';

/** What Events have told already. */
export interface Told {
  situation?: Situation;
  /** The node of the last move that was told. */
  movedTo?: string;
  /** When each reason was last given, in milliseconds. */
  times: Readonly<Record<string, number>>;
}

/** What the watch keeps in mind from one round to the next; times in milliseconds since the epoch. */
export interface Memory {
  answer?: Known<number>;
  /** Since when it has needed a recovery or its lost state; silence does not end that. */
  troubledSince?: number;
  silentSince?: number;
  /** Since when it has been in state 3. */
  acceptingSince?: number;
  /** When it was last seen in state 3, as the record writes times. */
  seenAccepting?: string;
  /** The node where it was last seen in state 3. */
  node?: string;
  lookedAt?: number;
  /** The last look. */
  scene?: Scene;
  told: Told;
}

/** What a watch that has just begun keeps in mind: after a restart the record and the names of Events tell the rest. */
export const blank: Memory = { told: { times: {} } };
