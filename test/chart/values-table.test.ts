import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { chartValues, documented } from '../../schemas/generate.ts';
import { chartReadme, withValuesTable } from '../../schemas/values-table.ts';

const readme = await readFile(chartReadme, 'utf8');
const values = documented(await readFile(chartValues, 'utf8'));

describe("The table of values in the chart's README", () => {
  it('is in step with values.yaml', () => {
    expect(readme).to.equal(withValuesTable(readme, values));
  });

  it('has a row for each value, with its meaning and its default', () => {
    for (const [key, { description, default: value }] of values) {
      expect(readme).to.include(`\n| \`${key}\` | ${description ?? ''} | \`${JSON.stringify(value)}\` |\n`);
    }
  });

  it('keeps a bar in a meaning or a default from ending the cell', () => {
    const table = withValuesTable(readme, new Map([['a', { description: 'b | c', default: '|' }]]));
    expect(table).to.include('| `a` | b \\| c | `"\\|"` |\n').and.not.include('`global.');
  });

  it('needs its markers, once each', () => {
    expect(() => withValuesTable('# Nothing here', values)).to.throw('must have this once');
    expect(() => withValuesTable(readme + readme, values)).to.throw('must have this once');
  });
});
