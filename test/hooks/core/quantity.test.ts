import { expect } from 'chai';
import { milliValue, QuantityError } from '../../../hooks/core/quantity.ts';

const values: [string | number, number][] = [
  ['0', 0],
  [0, 0],
  [1, 1000],
  ['1', 1000],
  ['+1', 1000],
  ['-1', -1000],
  ['.5', 500],
  ['5.', 5000],
  ['0.1', 100],
  ['0.3', 300],
  ['1.001', 1001],
  ['100m', 100],
  ['1500m', 1500],
  ['3860m', 3860],
  ['1u', 1],
  ['1000u', 1],
  ['1000001n', 2],
  ['1n', 1],
  ['100n', 1],
  ['1e-9', 1],
  ['1k', 1e6],
  ['1M', 1e9],
  ['1G', 1e12],
  ['1T', 1e15],
  ['1P', 1e18],
  ['1E', 1e21],
  ['1Ki', 1024e3],
  ['10Mi', 10485760e3],
  ['1Gi', 2 ** 30 * 1000],
  ['1Ti', 2 ** 40 * 1000],
  ['1Pi', 2 ** 50 * 1000],
  ['1Ei', 2 ** 60 * 1000],
  ['0.5Gi', 2 ** 29 * 1000],
  ['1e3', 1e6],
  ['1E3', 1e6],
  ['1e-3', 1],
  ['1.5e+2', 150_000],
  [1.5, 1500],
];

const invalid = ['', ' ', '.', '1.2.3', '1K', '1ki', '1mi', '1 Gi', 'Gi', '1GB', '0x10', '1e', 'NaN', '--1'];

describe('milliValue', () => {
  for (const [quantity, expected] of values) {
    it(`reads ${JSON.stringify(quantity)} as ${expected} thousandths`, () => {
      expect(milliValue(quantity)).to.equal(expected);
    });
  }

  for (const quantity of invalid) {
    it(`refuses ${JSON.stringify(quantity)}`, () => {
      expect(() => milliValue(quantity)).to.throw(
        QuantityError,
        `"${quantity}" is not a Kubernetes quantity`,
      );
    });
  }

  it('gives the same amount for every way to write it', () => {
    for (let megabytes = 1; megabytes <= 2000; megabytes += 7) {
      const forms = [`${megabytes}M`, `${megabytes * 1000}k`, `${megabytes}e6`, `${megabytes}000000`];
      const amounts = new Set(forms.map((form) => milliValue(form)));
      expect([...amounts], forms.join(' ')).to.deep.equal([megabytes * 1e9]);
    }
  });

  it('grows with the number before the suffix', () => {
    for (const suffix of ['m', '', 'k', 'M', 'Mi', 'Gi', 'e2']) {
      const amounts = Array.from({ length: 200 }, (_, index) => milliValue(`${index}${suffix}`));
      expect(amounts).to.deep.equal([...amounts].sort((a, b) => a - b));
      expect(new Set(amounts).size).to.equal(200);
    }
  });
});
