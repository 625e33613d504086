import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { renderPlanMarkdown } from '../../hooks/core/plan/markdown.ts';
import { planned } from '../hooks/plans.ts';

const page = readFileSync(new URL('../../docs/plan.md', import.meta.url), 'utf8');

describe('docs/plan.md', () => {
  it('shows what plan prints for a pull request', () => {
    const [, example] = /^````text\n([\s\S]*?)\n````$/m.exec(page) ?? [];
    expect(example).to.equal(renderPlanMarkdown(planned()));
  });

  it('is linked from the README', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).to.contain('](docs/plan.md)');
  });
});
