import { expect } from 'chai';
import { amountText } from '../../../../hooks/core/placement/amount.ts';

describe('amountText', () => {
  const cases: [string, number, string][] = [
    ['cpu', 250, '250m'],
    ['cpu', 2000, '2'],
    ['memory', 64 * 2 ** 20 * 1000, '64Mi'],
    ['memory', 1000, '1'],
    ['sgx.intel.com/epc', 16.5 * 2 ** 30 * 1000, '16.5Gi'],
    ['sgx.intel.com/enclave', 2048_000, '2048'],
    ['ephemeral-storage', 0, '0'],
  ];
  for (const [resource, amount, text] of cases) {
    it(`writes ${text} of ${resource}`, () => {
      expect(amountText(resource, amount)).to.equal(text);
    });
  }
});
