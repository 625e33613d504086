import { expect } from 'chai';
import { isSealedKey } from '../../../../hooks/core/backup/sealed-key.ts';
import { bytes, sealedKey } from '../../backups.ts';

describe('isSealedKey', () => {
  for (const [release, length] of [
    ['up to v1.8', 16],
    ['from v1.9', 32],
  ] as const) {
    it(`takes the ${length} bytes that a Coordinator without enclave writes ${release} for a bare key`, () => {
      for (let first = 0; first < 256; first++) {
        expect(isSealedKey(new Uint8Array(length).fill(first)), `byte ${first}`).to.equal(false);
        // As an enclave's header, the first four bytes could name any small length.
        const key = new Uint8Array(length);
        key[0] = first;
        expect(isSealedKey(key), `length ${first}`).to.equal(false);
      }
    });
  }

  it('knows a key that an enclave sealed', () => {
    expect(isSealedKey(sealedKey())).to.equal(true);
  });

  it('knows a key that an HSM wrapped', () => {
    expect(isSealedKey(bytes(`HSM_SEALED${'x'.repeat(60)}`))).to.equal(true);
  });

  it('does not vouch for a file that is empty, cut short or something else', () => {
    expect(isSealedKey(new Uint8Array())).to.equal(false);
    expect(isSealedKey(new Uint8Array(3))).to.equal(false);
    expect(isSealedKey(sealedKey().subarray(0, 540))).to.equal(false);
    expect(isSealedKey(bytes('-----BEGIN PRIVATE KEY-----'.repeat(10)))).to.equal(false);
  });

  it('reads a key that lies inside a larger buffer', () => {
    const buffer = new Uint8Array(1000);
    buffer.set(sealedKey(), 100);
    expect(isSealedKey(buffer.subarray(100, 676))).to.equal(true);
  });
});
