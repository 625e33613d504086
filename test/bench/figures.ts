/** The middle one of some figures. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Prints one line of a benchmark's table. */
export function print(name: string, value: string): void {
  console.log(`${name.padEnd(36)} ${value}`);
}

/** Milliseconds as people read them. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(0)} s`;
}
