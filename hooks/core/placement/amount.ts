const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'] as const;

/** Kinds that are bytes. EPC is memory of enclaves, and device plugins count it in bytes. */
function isBytes(resource: string): boolean {
  return resource === 'memory' || resource === 'ephemeral-storage' || /(^hugepages-|\/epc$)/.test(resource);
}

/** An amount in thousandths as people write it: `250m`, `3`, `10Mi`, `16.5Gi`. */
export function amountText(resource: string, thousandths: number): string {
  if (resource === 'cpu' && thousandths % 1000 !== 0) return `${thousandths}m`;
  let amount = thousandths / 1000;
  if (!isBytes(resource)) return String(amount);
  let power = 0;
  while (amount >= 1024 && power < binary.length - 1) {
    amount /= 1024;
    power++;
  }
  return `${Math.round(amount * 10) / 10}${binary[power] ?? ''}`;
}
