/** How a row is meant: as it should be, something to act on, something that could not be found out, or told only. */
export type Mark = 'good' | 'bad' | 'unknown' | 'plain';

/** One thing that is shown. */
export interface Row {
  name: string;
  value: string;
  mark: Mark;
}

export interface Section {
  title: string;
  rows: Row[];
}

/** A row whose value could not be found out. */
export function notKnown(name: string, why: string): Row {
  return { name, value: `not known: ${why}`, mark: 'unknown' };
}

/** A row that only tells. */
export function plain(name: string, value: string): Row {
  return { name, value, mark: 'plain' };
}
