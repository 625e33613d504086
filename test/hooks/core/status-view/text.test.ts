import { expect } from 'chai';
import { statusText } from '../../../../hooks/core/status-view/text.ts';
import type { StatusView } from '../../../../hooks/core/status-view/view.ts';

const view: StatusView = {
  schemaVersion: 1,
  command: 'status',
  programVersion: '0.1.0',
  outcome: 'blocked',
  verdict: 'The Coordinator needs recovery.',
  next: ['kubectl -n marblerun port-forward pod/a-name-that-is-longer-than-the-width 4433:4433'],
  sections: [
    {
      title: 'Mesh',
      rows: [
        { name: 'Manifest', value: '91ab', mark: 'plain' },
        { name: 'Recovery', value: 'two of three parties are needed, one is missing', mark: 'bad' },
        { name: 'x'.repeat(50), value: 'not known: no right', mark: 'unknown' },
      ],
    },
  ],
};

describe('The text of status', () => {
  it('breaks values under each other, and no command', () => {
    expect(statusText(view, { width: 40, colour: false }).split('\n')).to.deep.equal([
      'The Coordinator needs recovery.',
      '  kubectl -n marblerun port-forward pod/a-name-that-is-longer-than-the-width 4433:4433',
      '',
      'Mesh',
      '  Manifest  91ab',
      '! Recovery  two of three parties are',
      '            needed, one is missing',
      `? ${'x'.repeat(50)}`,
      '            not known: no right',
    ]);
  });

  it('breaks nothing where it is no terminal', () => {
    const text = statusText(view, { width: Infinity, colour: false });
    expect(text).to.contain('! Recovery  two of three parties are needed, one is missing\n');
  });

  it('says with colours nothing that it does not say without', () => {
    const colourful = statusText(view, { width: 40, colour: true });
    expect(colourful).to.contain('\u001b[31m');
    // eslint-disable-next-line no-control-regex -- the colours are what is left out
    expect(colourful.replace(/\u001b\[\d+m/g, '')).to.equal(statusText(view, { width: 40, colour: false }));
  });
});
