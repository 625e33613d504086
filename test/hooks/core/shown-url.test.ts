import { expect } from 'chai';
import { shownUrl } from '../../../hooks/core/shown-url.ts';

/** What it is, how it is shown. */
const urls: [string, string][] = [
  ['https://pccs:8081', 'https://pccs:8081'],
  ['https://pccs:8081/sgx/', 'https://pccs:8081/sgx/'],
  ['https://me:hunter2@pccs:8081', 'https://***@pccs:8081'],
  ['https://hunter2@pccs/a', 'https://***@pccs/a'],
  ['https://:hunter2@pccs/a', 'https://***@pccs/a'],
  ['https://pccs/tcb?token=hunter2&fmspc=00A0&key=hunter2', 'https://pccs/tcb?token=***&fmspc=00A0&key=***'],
  ['https://pccs/tcb?fmspc=00A0', 'https://pccs/tcb?fmspc=00A0'],
  ['me:hunter2@pccs', '***'],
  ['//hunter2', '***'],
];

describe('a URL in a message', () => {
  for (const [url, shown] of urls) {
    it(`is shown as ${shown} where it is ${url}`, () => {
      expect(shownUrl(url, ['fmspc'])).to.equal(shown);
    });
  }
});
