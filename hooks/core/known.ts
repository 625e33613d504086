/** A fact that could be found out, or the reason why not. A check turns the latter into "unknown", never into a pass. */
export type Known<T> = { known: true; value: T } | { known: false; why: string };

export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

export function unknown(why: string): Known<never> {
  return { known: false, why };
}

/** The value, or undefined when it could not be found out or was not asked for. */
export function valueOf<T>(fact: Known<T> | undefined): T | undefined {
  return fact?.known === true ? fact.value : undefined;
}

/** Those of several facts that could be found out. */
export function valuesOf<T>(facts: readonly Known<T>[]): T[] {
  return facts.flatMap((fact) => (fact.known ? [fact.value] : []));
}
