import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { findingCodes } from '../../hooks/core/findings.ts';
import { ExitCode } from '../../hooks/core/exit-code.ts';
import { programHelp } from '../../hooks/cli/help.ts';

const page = readFileSync(new URL('../../docs/findings.md', import.meta.url), 'utf8');
const sections = page
  .split('\n### ')
  .slice(1)
  .map((section) => section.split('\n## ')[0] ?? '')
  .map((section) => {
    const [heading = '', ...lines] = section.split('\n');
    return { code: heading.replaceAll('`', ''), text: lines.join('\n') };
  });
const exitCodes = [...page.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));

describe('docs/findings.md', () => {
  it('has one section for each code of the program, and none for another', () => {
    const documented = sections.map(({ code }) => code);
    expect(documented.toSorted()).to.deep.equal([...findingCodes].toSorted());
  });

  for (const { code, text } of sections) {
    it(`tells of ${code} its severity, time, example, cause and remedy`, () => {
      expect(text).to.match(/^\n\S.*\. Severity: (block|warn|info)( or (block|warn|info))*\.\n/);
      for (const part of ['Example', 'Cause', 'Remedy']) {
        expect(text, part).to.match(new RegExp(`^- ${part}: \\S.*[.!\`]$`, 'm'));
      }
    });
  }

  it('keeps no code in reserve', () => {
    expect(page).to.not.match(/reserved/i);
  });

  it('has one row for each exit code, and none for another', () => {
    expect(exitCodes.toSorted()).to.deep.equal(Object.values(ExitCode).toSorted());
  });

  it('speaks of the same exit codes as the help', () => {
    const help = programHelp([], { width: Infinity, heading: (words) => words });
    for (const code of exitCodes) expect(help).to.match(new RegExp(`^  ${code} +[a-z]`, 'm'));
  });
});
