import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { plainly } from '../../../../hooks/core/attestation/plain.ts';

/** What the library can say of an SGX quote: each error of its verification, of which those of TDX are left out. */
function messages(): string[] {
  const file = createRequire(import.meta.url).resolve('@phala/dcap-qvl/src/verify.js');
  const source = readFileSync(file, 'utf8');
  const found = [...source.matchAll(/new Error\(['`]([^'`]+)/g)].map(([, message = '']) => message);
  return found.filter((message) => !/\bTDX?\b|TDX|TD10|service td|SEPT_VE/.test(message));
}

/** What only a file that Intel has signed, and signed wrongly, would bring about, or what the library catches itself. */
const unexpected = [
  'No SGX components in the TCB info',
  'No TCB levels found in QE Identity',
  'Signature verification failed',
  // Revoked has a sentence; a status that Intel has added since is shown in its own word.
  'TCB status is invalid: ${finalStatus.status}',
];

describe('plainly', () => {
  it('has a sentence for every error of the library that a quote can bring about', () => {
    const without = messages().filter((message) => plainly(new Error(message)).endsWith(`: ${message}`));
    expect(messages().length).to.be.greaterThan(30);
    expect([...new Set(without)].sort()).to.deep.equal([...unexpected].sort());
  });

  it('says what to do where somebody can do something', () => {
    expect(plainly(new Error('TCBInfo expired'))).to.match(/fetch it again, or set this machine's clock/);
    expect(plainly(new Error('No matching TCB level found'))).to.contain('have it updated');
  });

  it('keeps the words of any other error', () => {
    expect(plainly(new Error('Something new'))).to.equal('the quote could not be verified: Something new');
  });
});
