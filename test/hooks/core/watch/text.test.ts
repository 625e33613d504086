import { expect } from 'chai';
import { shortened } from '../../../../hooks/core/watch/text.ts';

describe('the text of an Event', () => {
  const text = ['what is the case', 'first command', 'second command'].join('\n');

  it('stays as it is where there is room', () => {
    expect(shortened(text, text.length)).to.equal(text);
  });

  it('loses whole lines from its end, and says where they are', () => {
    const cut = shortened(`${text}\n${'x'.repeat(100)}`, 100);
    expect(cut).to.equal(`${text}\n(more in the log of the anchor)`);
  });

  it('keeps its first line, as far as there is room', () => {
    expect(shortened('x'.repeat(200), 100)).to.equal('x'.repeat(100));
  });
});
