import { expect } from 'chai';
import { unwrap } from '../../../../hooks/core/attestation/envelope.ts';
import { wrapped } from '../../attestation/machine.ts';

const quote = Buffer.concat([Buffer.of(3, 0, 2, 0), Buffer.alloc(500, 7)]);

describe('unwrap', () => {
  it("takes Open Enclave's header off", () => {
    expect(unwrap(wrapped(quote))).to.deep.equal({ kind: 'quote', quote });
  });

  it('leaves a quote without a header as it is', () => {
    expect(unwrap(quote)).to.deep.equal({ kind: 'quote', quote });
  });

  it('takes nothing for what it is: a Coordinator without an enclave', () => {
    expect(unwrap(Buffer.alloc(0))).to.deep.equal({ kind: 'none' });
  });

  const unreadable: [string, Buffer][] = [
    ['text', Buffer.from('OE_UNSUPPORTED')],
    ['a few bytes', Buffer.of(3, 0)],
    ['a header alone', wrapped(Buffer.alloc(0))],
    ['a header that tells another length', wrapped(quote).subarray(0, -1)],
    ['a local report', Buffer.concat([Buffer.of(1, 0, 0, 0, 1, 0, 0, 0), wrapped(quote).subarray(8)])],
    ['a quote of another version', Buffer.concat([Buffer.of(4, 0, 2, 0), Buffer.alloc(500)])],
  ];
  for (const [title, bytes] of unreadable) {
    it(`does not read ${title}`, () => {
      expect(unwrap(bytes)).to.deep.equal({ kind: 'unreadable' });
    });
  }
});
