/** Powers that a quantity's suffix stands for (Kubernetes: "Quantity", decimal and binary SI). */
const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Text that is no quantity. */
export class QuantityError extends Error {
  override readonly name = 'QuantityError';
}

/**
 * A Kubernetes quantity in thousandths of its base unit (cores, bytes, devices), rounded up as the scheduler rounds
 * (`MilliValue`). Throws a QuantityError on text that the API server would refuse too. The one in client-node answers with a
 * number or a bigint depending on the suffix, so two of its results cannot be compared.
 */
export function milliValue(quantity: string | number): number {
  const match = /^([+-]?[0-9.]+)(?:[eE]([+-]?[0-9]+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(String(quantity));
  const number = Number(match?.[1]);
  if (match === null || Number.isNaN(number)) {
    throw new QuantityError(`"${quantity}" is not a Kubernetes quantity`);
  }
  const scale = match[2] === undefined ? (suffixes[match[3] ?? ''] ?? 1) : 10 ** Number(match[2]);
  return Math.ceil(number * scale * 1000 - 1e-6);
}
