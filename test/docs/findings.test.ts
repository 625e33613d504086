import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { findingCodes } from '../../hooks/core/findings.ts';
import { ExitCode } from '../../hooks/core/report.ts';
import { help } from '../../hooks/help.ts';

const page = readFileSync(new URL('../../docs/findings.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const findingRows = rows.filter(([first = '']) => /^`[a-z-]+`$/.test(first));
const exitRows = rows.filter(([first = '']) => /^\d+$/.test(first));

describe('docs/findings.md', () => {
  it('has one row for each code of the program, and none for another', () => {
    const documented = findingRows.map(([first = '']) => first.replaceAll('`', ''));
    expect(documented.toSorted()).to.deep.equal([...findingCodes].toSorted());
  });

  for (const [code = '', severity = '', ...texts] of findingRows) {
    it(`tells of ${code} its severity, time, example, cause and remedy`, () => {
      expect(severity).to.match(/^(block|warn|info)( or (block|warn|info))?$/);
      expect(texts).to.have.length(4);
      for (const text of texts) expect(text).to.match(/[^ ].*[.!`]$/);
    });
  }

  it('keeps no code in reserve', () => {
    expect(page).to.not.match(/reserved/i);
  });

  it('has one row for each exit code, and none for another', () => {
    const documented = exitRows.map(([first]) => Number(first));
    expect(documented.toSorted()).to.deep.equal(Object.values(ExitCode).toSorted());
  });

  it('speaks of the same exit codes as the help', () => {
    for (const [code] of exitRows) expect(help).to.match(new RegExp(`\\b${code ?? ''} [a-z]`));
  });
});
